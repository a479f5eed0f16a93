ALTER TABLE "generate_takes" ADD COLUMN "upscaler_id" text;--> statement-breakpoint
CREATE INDEX "generate_takes_by_upscaler" ON "generate_takes" USING btree ("upscaler_id");