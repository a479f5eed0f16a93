/** Who is seen or targeted, and what each has said, as SQL beside that of `signature-sql.ts`. */

export const people = [
  // Who is seen, and who is targeted as if seen in every shot of every title, under a number of the title's own.
  `CREATE OR REPLACE TEMP VIEW concerned AS
    SELECT no, 'appearances/' || key AS row, title, party, confirmed FROM appearances
    UNION ALL SELECT -1 - t.no, 'parties/' || p.key, t.no, p.no, true
      FROM titles t JOIN parties p ON p.ledger = t.ledger WHERE p.key = getvariable('performer')`,
  // Joined by party and title at once: a person who is often seen has often consented, and the product is large.
  `CREATE OR REPLACE TEMP TABLE asked_of AS
    WITH said AS (
      SELECT no, ledger, key, party, everywhere, given, withdrawn, replica, is_bound(c) AS bound,
        coalesce(undated, false) AS undated FROM consents c
      WHERE CASE WHEN c.given THEN covers(c) AND (is_given(c) OR is_withdrawn(c.withdrawn)) ELSE reaches(c) END)
    SELECT a.no AS appearance, c.no, c.key, c.given, c.withdrawn, c.replica, c.bound, c.undated
      FROM said c JOIN (SELECT DISTINCT no, title FROM consent_titles) t ON t.no = c.no
      JOIN concerned a ON a.party = c.party AND a.title = t.title WHERE a.confirmed AND NOT c.everywhere
    UNION ALL SELECT a.no, c.no, c.key, c.given, c.withdrawn, c.replica, c.bound, c.undated
      FROM said c JOIN concerned a ON a.party = c.party WHERE a.confirmed AND c.everywhere`,
  // Of whom which refusal a consent lifts that permits all of it by itself.
  `CREATE OR REPLACE TEMP TABLE lifted AS
    SELECT DISTINCT a.appearance, l.refusal FROM asked_of a JOIN consent_lifts l ON l.no = a.no
    WHERE a.given AND NOT is_withdrawn(a.withdrawn) AND a.bound AND (a.replica OR NOT getvariable('makes_replica'))`,
  `CREATE OR REPLACE TEMP TABLE refusals AS
    SELECT a.no AS appearance, 'parties/' || p.key AS row FROM concerned a JOIN parties p ON p.no = a.party
    WHERE a.confirmed AND is_withdrawn(p.withdrawn)
    UNION SELECT r.appearance, 'consents/' || r.key FROM asked_of r
      ANTI JOIN lifted l ON l.appearance = r.appearance AND l.refusal = r.no WHERE NOT r.given`,
  `CREATE OR REPLACE TEMP TABLE answers AS
    SELECT appearance, key, bound, is_withdrawn(withdrawn) AS gone,
      NOT gone AND bound AND (replica OR NOT getvariable('makes_replica')) AS enough,
      bool_or(NOT gone AND bound) OVER mine AS standing, bool_or(enough) OVER mine AS answered,
      bool_or(gone) OVER mine AS left_once, bool_or(enough AND NOT undated) OVER mine AS dated
    FROM asked_of WHERE given AND appearance NOT IN (SELECT appearance FROM refusals)
    WINDOW mine AS (PARTITION BY appearance)`,
  `CREATE OR REPLACE TEMP TABLE appearance_reasons AS
    SELECT no AS appearance, 'appearance_proposed' AS rule, row FROM concerned WHERE NOT confirmed
    UNION SELECT appearance, 'consent_refused', row FROM refusals
    UNION SELECT appearance, 'consent_incomplete', 'consents/' || key FROM answers WHERE NOT answered AND standing AND NOT gone AND bound
    UNION SELECT appearance, 'consent_refused', 'consents/' || key FROM answers WHERE NOT standing AND gone
    UNION SELECT appearance, 'not_represented', 'consents/' || key FROM answers WHERE NOT standing AND NOT left_once
    UNION SELECT no, 'consent_missing', row FROM concerned
      WHERE confirmed AND no NOT IN (SELECT appearance FROM refusals) AND no NOT IN (SELECT appearance FROM answers)`,
] as const;

/** A replica of nobody: no performer is named, and nobody is confirmed as seen. */
export const signatureNobody = `CREATE OR REPLACE TEMP TABLE unnamed AS
  SELECT s.signature FROM signatures s
  ANTI JOIN (SELECT c.signature FROM signature_cast c JOIN appearances a ON a.no = c.appearance WHERE a.confirmed) c
    USING (signature) WHERE getvariable('of_nobody') AND s.title IS NOT NULL`;
