-- The table has its new name; its rows, indexes, constraints and triggers came with it.
ALTER TABLE imports_importbatch ALTER COLUMN kind DROP DEFAULT;
-- The image before still reads and writes under the former name (UPGRADING.md). The next version drops the view.
CREATE VIEW members_importbatch AS SELECT * FROM imports_importbatch;
-- In place: permissions keep their content type. Lines of the journal keep « members.ImportBatch », which is hashed.
UPDATE django_content_type SET app_label = 'imports' WHERE app_label = 'members' AND model = 'importbatch';
