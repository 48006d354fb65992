/** How long `vi.waitFor` waits for what has to come: only ends what hangs. Its own second is too short on a machine that is busy with others. */
export const patience = { timeout: 60_000 };
