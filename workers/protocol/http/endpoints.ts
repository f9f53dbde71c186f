import { APP_ENDPOINTS } from "./app-endpoints.ts";
import { operatorEndpoints } from "./operator.ts";

/**
 * The whole HTTP contract: routes, the OpenAPI document and the authorisation tests are built from it. A client
 * imports the table of what it may call (app-endpoints.ts), never this one.
 */
export const ENDPOINTS = { ...APP_ENDPOINTS, ...operatorEndpoints } as const;

export type EndpointName = keyof typeof ENDPOINTS;
