CREATE TABLE "shots_failures" (
	"file_id" text PRIMARY KEY NOT NULL,
	"sha256" text NOT NULL,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"failed_at" timestamp with time zone DEFAULT now() NOT NULL
);
