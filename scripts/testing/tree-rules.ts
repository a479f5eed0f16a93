/** The longest a file of ours may be, in lines: beyond it two subjects usually share a file. */
const MAX_LINES = 300;
const SOURCE = /\.(ts|mjs|py|sh)$|^(backlot|\.ci\/run|setup\/export-requirements)$/;
/** Written by a generator from the contract or the table schema. */
const GENERATED = /^(engine\/backlot_engine\/contract\.(py|schema\.json)|src\/db\/migrations\/.*)$/;
/** Files that speak of such names in order to forbid them. */
const EXEMPT = /^scripts\/testing\/tree-rules(\.test)?\.ts$/;

interface Rule {
  where: RegExp;
  pattern: RegExp;
  reason: string;
}

const RULES: Rule[] = [
  {
    where: /./,
    pattern: /(?<![\w.$}~-])\/(tmp|work|root|home\/\w+)\//,
    reason: 'names a folder of one machine',
  },
  {
    where: /./,
    pattern:
      /registry\.npmjs\.org|registry\.yarnpkg\.com|pypi\.org|pythonhosted\.org|download[\w-]*\.pytorch\.org/,
    reason: 'names a package registry: lockfiles work with any',
  },
  {
    where: /^package-lock\.json$/,
    pattern: /"resolved":/,
    reason: 'names a registry: keep omit-lockfile-registry-resolved in .npmrc',
  },
  {
    where: /^engine\/backlot_engine\/(models|flow)\//,
    pattern: /^\s*(import|from) (os|io|json|pathlib|shutil|tempfile|backlot_engine\.data)\b|\bopen\(/,
    reason: 'models and flow see torch; files belong to engine/data',
  },
  {
    where: /^engine\/backlot_engine\//,
    pattern:
      /^\s*(import|from) (sqlite3|psycopg\w*|socket|urllib|http|requests|httpx|pickle)\b|torch\.load\((?!.*weights_only=True)/,
    reason: 'the engine knows no database, no network and no pickle',
  },
  {
    where: /^src\/(?!media\/|db\/)(?!.*\.test(-support)?\.ts$)/,
    pattern: /['"]-(c:v|vf|filter_complex|pix_fmt|crf|movflags|hide_banner|vsync|fps_mode|an|map)['"]/,
    reason: 'ffmpeg flags belong to src/media',
  },
];

/** What is wrong with one file of the repository; `path` is relative to its root. */
export function problemsOf(path: string, text: string): string[] {
  if (GENERATED.test(path) || EXEMPT.test(path)) return [];
  return [...tooLong(path, text), ...RULES.flatMap((rule) => broken(rule, path, text))];
}

function tooLong(path: string, text: string): string[] {
  const lines = text.split('\n').length - 1;
  if (!SOURCE.test(path) || lines <= MAX_LINES) return [];
  return [`${path}: expected at most ${MAX_LINES} lines, found ${lines}. Split it by subject.`];
}

function broken({ where, pattern, reason }: Rule, path: string, text: string): string[] {
  if (!where.test(path) || !new RegExp(pattern, 'm').test(text)) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1}: ${reason}; found ${found.trim()}`];
  });
}
