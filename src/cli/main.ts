import { nameKnownModules } from './known-modules.ts';
import { buildProgram } from './program.ts';

// A reader that has seen enough (`| head`) closes the pipe: no failure of this command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
nameKnownModules();
await buildProgram().parseAsync(process.argv);
