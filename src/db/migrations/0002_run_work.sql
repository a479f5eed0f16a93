CREATE TABLE "run_work" (
	"wish" text PRIMARY KEY NOT NULL,
	"seconds" double precision NOT NULL,
	"made" text,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
