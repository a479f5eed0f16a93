CREATE INDEX "shots_shots_file" ON "shots_shots" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "provenance_audit_by_act" ON "provenance_audit" USING btree ("what","subject");