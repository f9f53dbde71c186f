CREATE TABLE `parked_passkeys` (
	`credential` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`secret_hash` text NOT NULL,
	`claim` text NOT NULL,
	`parked_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `parked_passkeys_claim` ON `parked_passkeys` (`claim`,`parked_at`);--> statement-breakpoint
CREATE INDEX `parked_passkeys_due` ON `parked_passkeys` (`expires_at`);