CREATE TABLE `operator_passes` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `manifests` ADD `bytes` integer GENERATED ALWAYS AS (length("manifest_cbor")) VIRTUAL;--> statement-breakpoint
CREATE INDEX `manifests_size` ON `manifests` (`account`,`created_at`,`bytes`);--> statement-breakpoint
ALTER TABLE `private_records` ADD `bytes` integer GENERATED ALWAYS AS (length("value")) VIRTUAL;--> statement-breakpoint
CREATE INDEX `private_records_size` ON `private_records` (`account`,`bytes`);