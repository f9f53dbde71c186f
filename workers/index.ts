import { routes as accountRoutes } from "./accounts/routes.ts";
import { sweep } from "./accounts/sweep.ts";
import { routes as conversationRoutes, upgrades } from "./conversation/routes.ts";
import { createApp, mergeRoutes } from "./http/app.ts";

export { Conversation } from "./conversation/conversation.ts";
export { Inbox } from "./inbox/inbox.ts";

const app = createApp(mergeRoutes(accountRoutes, conversationRoutes), upgrades);

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: (controller, env) => sweep(env, controller.scheduledTime),
} satisfies ExportedHandler<Cloudflare.Env>;
