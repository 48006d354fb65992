import { type Check, fault, fine } from '../check.ts';

/** AWS rejects requests that are five minutes off; tokens and logs go wrong earlier. */
const MAX_DRIFT_SECONDS = 60;

const COMMANDS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'sudo sntp -sS time.apple.com', win32: 'w32tm /resync' };

export const clock: Check = {
  name: 'clock',
  looksAt: "this machine's clock",
  why: 'AWS rejects requests that are signed five minutes off, with an error about the signature.',
  run: async ({ serviceTime, now }) => {
    const before = now();
    const served = await serviceTime();
    const drift = Math.round((served - (before + now()) / 2) / 1_000);
    const about = "this machine's clock";
    if (Math.abs(drift) <= MAX_DRIFT_SECONDS) return [fine(about, `at most ${Math.abs(drift) + 1} s off`)];
    const words = `${Math.abs(drift)} s ${drift > 0 ? 'behind' : 'ahead'}`;
    return [fault(about, words, COMMANDS[process.platform] ?? 'sudo timedatectl set-ntp true')];
  },
};
