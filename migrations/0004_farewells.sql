CREATE TABLE `farewells` (
	`account` text NOT NULL,
	`device` text NOT NULL,
	`farewell_cbor` text NOT NULL,
	PRIMARY KEY(`account`, `device`),
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
