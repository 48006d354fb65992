import { runProgram } from '../tooling/command-line/run-command.ts';
import { profilesImport } from './profiles/import.ts';

await runProgram(profilesImport);
