// The import rules (docs/adr/0002): who may know whom. `npm run imports` checks them.
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';

const PIPELINE = 'src/pipeline.ts';
const TESTS = '\\.(test|test-support)\\.ts$';
const SURFACES = '^src/(api|cli|sample|[^/]+\\.ts$)';

/** The nine stages, left to right, as src/pipeline.ts lists them. */
function stageNames() {
  if (!existsSync(PIPELINE)) throw new Error(`expected ${PIPELINE}, which lists the stages; found none`);
  const names = [...readFileSync(PIPELINE, 'utf8').matchAll(/\bname: '(\w+)'/g)].map((match) => match[1]);
  if (names.length === 9) return names;
  throw new Error(`expected nine lines with name: '...' in ${PIPELINE}; found ${names.length}`);
}

const stages = stageNames();
const anyStage = `^src/(${stages.join('|')})/`;

const rule = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: TESTS, ...from },
  to,
});

/** One rule a stage: it sees no stage to its right. */
const leftOnly = stages
  .slice(0, -1)
  .map((stage, place) =>
    rule(
      `${stage}-sees-no-later-stage`,
      'A stage imports only stages to its left; what sees all stages lives in provenance.',
      { path: `^src/${stage}/` },
      { path: `^src/(${stages.slice(place + 1).join('|')})/` },
    ),
  );

const stageRules = [
  ...leftOnly,
  rule(
    'stages-meet-at-index',
    "A stage's public face is its index.ts; schema.ts may read a schema.ts, so that both stay browser-safe.",
    { path: `${anyStage}(?!.*schema\\.ts$)` },
    { path: anyStage, pathNot: ['^src/[^/]+/index\\.ts$', '^src/$1/'] },
  ),
  rule(
    'stages-know-no-surface',
    'API, CLI, the sample studio and the files that mount all stages are above the stages.',
    { path: anyStage },
    { path: SURFACES },
  ),
  rule(
    'schema-meets-schema',
    "The web app reads schema.ts: zod, contract, other schema.ts files and its own stage's plain rules.",
    { path: `${anyStage}schema\\.ts$` },
    {
      pathNot: [
        '^src/contract/',
        '^src/[^/]+/schema\\.ts$',
        '^src/$1/',
        '^node_modules/(zod|@hono/zod-openapi)/',
      ],
    },
  ),
  rule(
    'schema-is-browser-safe',
    'Nothing that schema.ts reaches needs Node, the database or a process.',
    { path: `${anyStage}schema\\.ts$` },
    { path: [`^(${builtinModules.join('|')})$`, '^src/(db|jobs|media)/'], reachable: true },
  ),
];

const groundRules = [
  rule(
    'contract-imports-zod-alone',
    'Both languages and the browser read the contract.',
    { path: '^src/contract/' },
    { pathNot: ['^src/contract/', '^node_modules/(zod|@hono/zod-openapi)/'] },
  ),
  rule(
    'ground-knows-no-stage',
    'db, media, editorial, trust and jobs know no stage and no surface.',
    { path: '^src/(db|media|editorial|trust|jobs)/' },
    { path: [anyStage, SURFACES] },
  ),
  rule(
    'db-is-lowest',
    'db opens the database for the others.',
    { path: '^src/db/' },
    { path: '^src/(jobs|media)/' },
  ),
  rule(
    'trust-knows-the-contract-alone',
    'Signing is small enough to be read whole.',
    { path: '^src/trust/' },
    { path: '^src/', pathNot: '^src/(trust|contract)/' },
  ),
  rule(
    'editorial-turns-timelines-into-text',
    'What editors exchange is text; reading and writing files is for who asks.',
    { path: '^src/editorial/' },
    { path: '^src/', pathNot: '^src/(editorial|media|contract)/' },
  ),
  rule(
    'media-knows-no-database',
    'media is given paths.',
    { path: '^src/media/' },
    { path: '^src/(jobs|db)/' },
  ),
  rule(
    'sample-is-apart',
    'The sample studio makes films as a studio would: it knows the contract, media and how to sign what it renders.',
    { path: '^src/sample/' },
    { path: '^src/', pathNot: '^src/(sample|contract|media|trust)/' },
  ),
  rule('cli-knows-no-api', 'Both mount operations.', { path: '^src/cli/' }, { path: '^src/api/' }),
  rule('api-knows-no-cli', 'Both mount operations.', { path: '^src/api/' }, { path: '^src/cli/' }),
  rule(
    'web-sees-shapes-only',
    "The web app sees contract, schema.ts files and the API's types.",
    { path: '^web/' },
    { path: '^src/', pathNot: ['^src/contract/', '^src/[^/]+/schema\\.ts$', '^src/api/types\\.ts$'] },
  ),
];

const doorRules = [
  rule(
    'truth-is-for-judges',
    "The sample studio's truth is opened by the studio and bench/ alone: the checker learns from rendered clips.",
    { path: '^src/', pathNot: ['^src/sample/', TESTS] },
    { path: '^src/sample/truth' },
  ),
  rule(
    'processes-start-at-two-doors',
    'ffmpeg is started by media, the engine by jobs: retries and cancelling live there.',
    { path: '^src/', pathNot: ['^src/(media|jobs)/', TESTS] },
    { path: '^(node:)?child_process$' },
  ),
  rule(
    'one-door-to-the-database',
    'PGlite has no lock of its own: db and jobs open it, behind the workspace lock.',
    { path: '^src/', pathNot: ['^src/(db|jobs)/', TESTS] },
    { path: '^node_modules/(@electric-sql/pglite|pg-boss|pg)/' },
  ),
  rule(
    'no-cycles',
    'Two files that need each other to run are one file; types may point back.',
    {},
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
  rule('no-unresolved', 'An import names something that exists.', {}, { couldNotResolve: true }),
  rule(
    'product-needs-no-dev-package',
    'A user gets the dependencies, not the devDependencies.',
    { path: '^(src|setup)/', pathNot: TESTS },
    { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  ),
];

export default {
  forbidden: [...stageRules, ...groundRules, ...doorRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/db/migrations/' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
