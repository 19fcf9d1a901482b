// Detects updates that the schema of this page lacks: in the editor, an unknown node would be deleted for everybody.
import * as Y from "yjs";

// Marks that may overlap are stored under their name and a hash: comment--AbCd1234.
const HASH_SUFFIX = /--[A-Za-z0-9+/=]{8}$/;

/** Return the first node or mark of an update that `schema` lacks, or null. */
export function findUnknown(update, schema) {
  for (const { content, parentSub } of Y.decodeUpdate(update).structs) {
    const name = unknownName(content, parentSub, schema);
    if (name) return name;
  }
  return null;
}

function unknownName(content, parentSub, schema) {
  if (content instanceof Y.ContentType) {
    const { type } = content;
    if (type instanceof Y.XmlElement) return schema.nodes[type.nodeName] ? null : type.nodeName;
    return type instanceof Y.XmlText ? null : type.constructor.name;
  }
  if (content instanceof Y.ContentFormat) {
    const name = content.key.replace(HASH_SUFFIX, "");
    return schema.marks[name] ? null : name;
  }
  if (parentSub === "marks") return marksOf(content).find((name) => !schema.marks[name]) ?? null;
  return null;
}

function marksOf(content) {
  try {
    return content.getContent().flatMap((value) => JSON.parse(value).map((mark) => mark.type));
  } catch {
    return [];
  }
}
