import { expect, test } from "vitest";
import { ENDPOINTS } from "../protocol/http/endpoints.ts";
import { openApiDocument } from "./openapi.ts";

const document: unknown = JSON.parse(JSON.stringify(openApiDocument()));

test("is OpenAPI 3.1 and names every endpoint once, with its access", () => {
  expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Thyme", version: "1" } });
  const text = JSON.stringify(document);
  for (const [name, { access }] of Object.entries(ENDPOINTS)) {
    expect(text.split(`"operationId":"${name}"`)).toHaveLength(2);
    expect(text).toContain(`"x-access":"${access}"`);
  }
});

test("bodies, parameters and refusals are those of the contract", () => {
  expect(document).toMatchObject({
    paths: {
      "/api/private/{key}": {
        put: {
          parameters: [{ name: "key", in: "path", required: true }],
          requestBody: {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["version", "value"],
                  additionalProperties: false,
                },
              },
            },
          },
          responses: { "409": { description: expect.stringContaining("stale_version") } },
          security: [{ session: [] }],
        },
      },
      "/api/conversations/{conversation}/log": {
        get: { parameters: [{ in: "path" }, { name: "after", in: "query" }, {}, {}, {}] },
      },
    },
    components: {
      schemas: { Refusal: { type: "object", required: ["error"] } },
      securitySchemes: { session: { in: "cookie" } },
    },
  });
});

test("what is bytes is said to be, with the range that may be asked for", () => {
  const octets = { content: { "application/octet-stream": { schema: { format: "binary" } } } };
  expect(document).toMatchObject({
    paths: {
      "/api/conversations/{conversation}/uploads/{blob}/parts/{part}": {
        put: { requestBody: { required: true, ...octets } },
      },
      "/api/conversations/{conversation}/blobs/{blob}": {
        get: { responses: { "200": octets, "206": octets, "416": {} } },
      },
    },
  });
});
