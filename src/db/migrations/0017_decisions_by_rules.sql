ALTER TABLE "rights_decisions" DROP CONSTRAINT "rights_decisions_asked";
--> statement-breakpoint
ALTER TABLE "rights_decisions" ADD CONSTRAINT "rights_decisions_asked" PRIMARY KEY("shot_id","use","territory","ledger_id","as_of","model","trainer","output","rule_version");