-- WITHOUT ROWID is added by hand, drizzle cannot say it: the primary key then is the table, and an item is one
-- row write. With a rowid the key would be a second b-tree and every item two writes (docs/BENCHMARKS.md).
CREATE TABLE `envelopes` (
	`conversation` blob NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`account` blob,
	`body` blob NOT NULL,
	PRIMARY KEY(`conversation`, `seq`)
) WITHOUT ROWID;
