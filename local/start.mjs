// Plain JavaScript in old syntax, so that an old Node gets as far as the message below.
const oldestNode = 24;
const node = Number(process.version.slice(1).split('.')[0]);

if (node < oldestNode) {
  console.error(
    `The local service needs Node ${oldestNode}, and this is Node ${process.version}. Run \`npm ci\`, then \`npm start\`: that brings Node ${oldestNode} and uses it.`,
  );
  process.exitCode = 1;
} else {
  import('./main.ts').catch((error) => {
    const packageMissing = error && error.code === 'ERR_MODULE_NOT_FOUND' && /find package/.test(error.message);
    console.error(
      packageMissing ? `A dependency is missing (${error.message.split('\n')[0]}). Run \`npm ci\`, then \`npm start\`.` : error,
    );
    process.exitCode = 1;
  });
}
