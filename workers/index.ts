import { authenticate } from "./accounts/authenticate.ts";
import { routes as accountRoutes } from "./accounts/routes.ts";
import { routes as attachmentRoutes } from "./attachments/routes.ts";
import { Conversation } from "./conversation/conversation.ts";
import { routes as conversationRoutes, upgrades } from "./conversation/routes.ts";
import { sweepAll } from "./cron.ts";
import { createApp, mergeRoutes } from "./http/app.ts";
import { Inbox } from "./inbox/inbox.ts";
import { routes as operatorRoutes } from "./operator/routes.ts";
import { routes as registryRoutes } from "./registry/routes.ts";

export { Conversation, Inbox };

declare global {
  namespace Cloudflare {
    interface Env {
      readonly CONVERSATION: DurableObjectNamespace<Conversation>;
      readonly INBOX: DurableObjectNamespace<Inbox>;
    }
  }
}

const app = createApp({
  routes: mergeRoutes(
    accountRoutes,
    attachmentRoutes,
    conversationRoutes,
    operatorRoutes,
    registryRoutes,
  ),
  upgrades,
  authenticate,
});

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: (controller, env) => sweepAll(env, controller.scheduledTime),
} satisfies ExportedHandler<Cloudflare.Env>;
