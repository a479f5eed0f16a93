CREATE TABLE "provenance_given" (
	"sha256" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"takes" jsonb NOT NULL,
	"reason" text,
	"compared_at" timestamp with time zone DEFAULT now() NOT NULL
);
