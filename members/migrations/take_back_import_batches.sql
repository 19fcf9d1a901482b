UPDATE django_content_type SET app_label = 'members' WHERE app_label = 'imports' AND model = 'importbatch';
DROP VIEW members_importbatch;
ALTER TABLE imports_importbatch ALTER COLUMN kind SET DEFAULT 'members';
