// A recommendation: a title, and one answer under each of six questions, so that none is too vague to be answered.
import { Node } from "@tiptap/core";

export const PROMPTS = {
  problem: "Quel est le problème\u00a0?",
  proposal: "Que proposons-nous\u00a0?",
  audience: "Pour qui\u00a0?",
  decider: "Qui décide\u00a0?",
  means: "Avec quels moyens\u00a0?",
  measure: "Comment saurons-nous que c’est fait\u00a0?",
};

// One field is enough for the schema: when two people leave five or seven fields, a stricter rule would make every page
// delete the whole recommendation. The page that edits restores the six instead (recommendations.js).
export const Recommendation = Node.create({
  name: "recommendation",
  content: "recommendationTitle recommendationField+",
  marks: "insertion deletion modification",
  defining: true,
  isolating: true,
  addAttributes: () => ({
    id: {
      default: null,
      parseHTML: (element) => element.dataset.recommendation || null,
      renderHTML: ({ id }) => ({ "data-recommendation": id ?? "" }),
    },
  }),
  parseHTML: () => [{ tag: "section[data-recommendation]" }],
  renderHTML: ({ HTMLAttributes }) => ["section", HTMLAttributes, 0],
});

export const RecommendationTitle = Node.create({
  name: "recommendationTitle",
  content: "text*",
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: "h3[data-recommendation-title]", priority: 60 }],
  renderHTML: () => ["h3", { "data-recommendation-title": "" }, 0],
});

export const RecommendationField = Node.create({
  name: "recommendationField",
  content: "prose+",
  marks: "insertion deletion modification",
  defining: true,
  isolating: true,
  addAttributes: () => ({
    prompt: {
      default: "problem",
      parseHTML: (element) => (Object.hasOwn(PROMPTS, element.dataset.prompt) ? element.dataset.prompt : "problem"),
      renderHTML: ({ prompt }) => ({ "data-prompt": prompt }),
    },
  }),
  parseHTML: () => [{ tag: "dl[data-prompt]", contentElement: "dd" }],
  renderHTML: ({ node, HTMLAttributes }) => ["dl", HTMLAttributes, ["dt", PROMPTS[node.attrs.prompt]], ["dd", 0]],
});
