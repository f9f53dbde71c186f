CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`shard` integer NOT NULL,
	`shards` text NOT NULL,
	`created_at` integer NOT NULL,
	`behind_since` integer,
	`bytes` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conversations_owner` ON `conversations` (`owner`);--> statement-breakpoint
CREATE INDEX `conversations_behind` ON `conversations` (`id`) WHERE "conversations"."behind_since" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `sweep_cursors` (
	`sweep` text PRIMARY KEY NOT NULL,
	`cursor` text NOT NULL
);
