CREATE TABLE `account_seals` (
	`account` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`seals_cbor` text NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`public_name` text,
	`created_at` integer NOT NULL,
	`recovery_id` text NOT NULL,
	`recovery_hash` text NOT NULL,
	CONSTRAINT "patients_have_no_name" CHECK(("accounts"."role" = 'patient') = ("accounts"."public_name" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_recovery_id_unique` ON `accounts` (`recovery_id`);--> statement-breakpoint
CREATE INDEX `accounts_role` ON `accounts` (`role`);--> statement-breakpoint
CREATE TABLE `consents` (
	`account` text NOT NULL,
	`notice` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`account`, `notice`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `manifests` (
	`account` text NOT NULL,
	`version` integer NOT NULL,
	`manifest_cbor` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`account`, `version`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `passkeys` (
	`credential` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `passkeys_account` ON `passkeys` (`account`);--> statement-breakpoint
CREATE TABLE `ended_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`ended_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`invite_id` text PRIMARY KEY NOT NULL,
	`sign_pub` text NOT NULL,
	`role` text NOT NULL,
	`expires_at` integer NOT NULL,
	`inviter` text NOT NULL,
	`conversation` text,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_by` text,
	`claims` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`inviter`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `invitations_inviter` ON `invitations` (`inviter`);--> statement-breakpoint
CREATE INDEX `invitations_expires_at` ON `invitations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `private_records` (
	`account` text NOT NULL,
	`key` text NOT NULL,
	`version` integer NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`account`, `key`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `challenges` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `challenges_expires_at` ON `challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`account` text NOT NULL,
	`device` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_id_unique` ON `sessions` (`id`);--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account`);--> statement-breakpoint
CREATE INDEX `sessions_expires_at` ON `sessions` (`expires_at`);