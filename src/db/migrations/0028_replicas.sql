ALTER TABLE "generate_takes" ADD COLUMN "replica_of" jsonb;--> statement-breakpoint
ALTER TABLE "generate_takes" ADD COLUMN "frames" integer;--> statement-breakpoint
ALTER TABLE "generate_takes" ADD COLUMN "fps" text;