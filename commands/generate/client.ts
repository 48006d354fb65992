import { type GenerateApiConfiguration, generateApi } from 'swagger-typescript-api';
import { apiDocument } from '../../src/schemas/api/api-document.ts';

export async function clientSource(): Promise<string> {
  const { files } = await generateApi({
    spec: apiDocument() as GenerateApiConfiguration['config']['spec'],
    output: false,
    silent: true,
    sortTypes: true,
    generateUnionEnums: true,
    unwrapResponseData: true,
    hooks: { onInsertPathParam: (name) => `encodeURIComponent(${name})` },
  });
  const source = files[0]?.fileContent;
  if (source === undefined) throw new Error('The generator made no client of the OpenAPI document.');
  return source;
}
