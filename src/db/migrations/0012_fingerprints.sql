CREATE TABLE "provenance_prints" (
	"take_id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"cells" "bytea",
	"reason" text,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
