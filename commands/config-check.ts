import { runProgram } from '../tooling/command-line/run-command.ts';
import { configCheck } from './configuration/check.ts';

await runProgram(configCheck);
