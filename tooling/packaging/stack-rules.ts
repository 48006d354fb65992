import { stageName } from '../command-line/stage.ts';

type Template = { Rules?: object };
type Serverless = {
  service: { provider: { stage: string; compiledCloudFormationTemplate: Template }; custom: { rules: object } };
  /** osls shows it without a stack trace. */
  classes: { Error: new (message: string) => Error };
};

/**
 * Adds the rules for the stack's parameters to its template: osls supports every section under `resources` except this one. Rejects an
 * invalid stage name before anything is packaged or deployed.
 */
export class StackRules {
  readonly hooks: Record<string, () => void>;

  constructor({ service, classes }: Serverless) {
    const { stage } = service.provider;
    if (stageName.parse(stage) === undefined) throw new classes.Error(`--stage takes ${stageName.accepts}, not ${JSON.stringify(stage)}.`);
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        service.provider.compiledCloudFormationTemplate.Rules = service.custom.rules;
      },
    };
  }
}

// biome-ignore lint/style/noDefaultExport: a plugin is what its module exports by default.
export default StackRules;
