import { nameKnownModules } from './known-modules.ts';
import { buildProgram } from './program.ts';

nameKnownModules();
await buildProgram().parseAsync(process.argv);
