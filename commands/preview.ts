import { runProgram } from '../tooling/command-line/run-command.ts';
import { preview } from './preview/preview.ts';

await runProgram(preview);
