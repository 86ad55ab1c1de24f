BEGIN TRANSACTION;
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('d4290ef1-6ee0-4e18-9df7-eb3e83c8b511','1',1795341819000,1795341819000,'fosa');
CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_migrations" VALUES(125);
CREATE TABLE notifications (
    message_uuid TEXT NOT NULL DEFAULT (hex(randomblob(16))) PRIMARY KEY,
    destination_uuid TEXT NOT NULL,
    topic TEXT,
    message TEXT NOT NULL,
    created_at_epoch_ms INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), "serialization" TEXT DEFAULT NULL, "consumed" BOOLEAN NOT NULL DEFAULT FALSE, consumed_by_function_id INTEGER,
    FOREIGN KEY (destination_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "operation_outputs" (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    function_name TEXT NOT NULL DEFAULT '',
    output TEXT,
    error TEXT,
    child_workflow_id TEXT,
    started_at_epoch_ms INTEGER,
    completed_at_epoch_ms INTEGER,
    serialization TEXT,
    application_name TEXT DEFAULT NULL,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    PRIMARY KEY (workflow_uuid, function_id)
);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',1,'begin','"yes"',NULL,NULL,1795341821298,1795341821331,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',2,'1-backup','"{\"answers\": \"{\\\"gw-b\\\": [\\\"Backup\\\", {\\\"base\\\": \\\"e197aec17edd56055f688e907a2b92065f53efc91d1b0c611bd1646b5508be1d\\\"}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821375,1795341821381,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',3,'1-stage','"{\"answers\": \"{\\\"gw-b\\\": [\\\"Ready\\\", {\\\"changed\\\": true, \\\"intended\\\": {\\\"file /etc/one\\\": \\\"cd6b54fa87c68997113c97b9d5849e00103e508f0ad970531e04ae4ce0c33d8d\\\", \\\"file /etc/two\\\": \\\"b98a32e032065bafac026aa5e7b7aa64dbfc3f46e251bed1c21f7a0ad3ee84bb\\\"}, \\\"up\\\": [], \\\"carrying\\\": [], \\\"held\\\": []}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821384,1795341821386,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',4,'1-commit','"{\"answers\": \"{\\\"gw-b\\\": [\\\"Armed\\\", {\\\"deadline\\\": 35913.066123476, \\\"guard\\\": \\\"device\\\"}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821388,1795341821390,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',5,'1-verify','"{\"answers\": \"{\\\"gw-b\\\": [\\\"Well\\\", {}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821391,1795341821394,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',6,'1-confirm','"{\"answers\": \"{\\\"gw-b\\\": [\\\"Kept\\\", {\\\"remark\\\": null}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821396,1795341821398,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',7,'2-backup','"{\"answers\": \"{\\\"gw-c\\\": [\\\"Backup\\\", {\\\"base\\\": \\\"2da21856703ae8d021623e4ea5aa9df241362acb4fb0b7148a4e3e85c85c3729\\\"}], \\\"gw-k\\\": [\\\"Backup\\\", {\\\"base\\\": \\\"e7095fee1943708f7595549b8a1c479f3e806c3a719d98ac79bd6ee943b3d200\\\"}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821400,1795341821443,'fosa_json','fosa',1795341821000);
INSERT INTO "operation_outputs" VALUES('p-20261123-0001 15b0b05fe504',8,'2-stage','"{\"answers\": \"{\\\"gw-c\\\": [\\\"Ready\\\", {\\\"changed\\\": true, \\\"intended\\\": {\\\"file /etc/one\\\": \\\"87713bd401c99db7419ff121802de24761816d8ea652c0c01cbd352971b388c1\\\", \\\"file /etc/two\\\": \\\"a2e9a4a434232d91bed75f8d3efd1f11d12645956e68bd56b5a0eebfbcfde3af\\\"}, \\\"up\\\": [], \\\"carrying\\\": [], \\\"held\\\": []}], \\\"gw-k\\\": [\\\"Ready\\\", {\\\"changed\\\": true, \\\"intended\\\": {\\\"file /etc/one\\\": \\\"286c430cd9f35a8cca1a8dcf6b6a0facfd0c74836632f24fc1616a0089554194\\\", \\\"file /etc/two\\\": \\\"ad51b8472d4a1d10fcac86169d8b0e430b902be164e4cf55ff8e8c3b6bd3dfab\\\"}, \\\"up\\\": [], \\\"carrying\\\": [], \\\"held\\\": []}]}\", \"stopper\": \"\"}"',NULL,NULL,1795341821449,1795341821462,'fosa_json','fosa',1795341821000);
CREATE TABLE queues (
    queue_id TEXT PRIMARY KEY DEFAULT (hex(randomblob(16))),
    name TEXT NOT NULL UNIQUE,
    concurrency INTEGER,
    worker_concurrency INTEGER,
    rate_limit_max INTEGER,
    rate_limit_period_sec REAL,
    priority_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    partition_queue BOOLEAN NOT NULL DEFAULT FALSE,
    polling_interval_sec REAL NOT NULL DEFAULT 1.0,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL, "partition_concurrency" INTEGER DEFAULT NULL, "partition_worker_concurrency" INTEGER DEFAULT NULL, "partition_rate_limit_max" INTEGER DEFAULT NULL, "partition_rate_limit_period_sec" REAL DEFAULT NULL);
INSERT INTO "queues" VALUES('ADBABE95170FFCBE8A0E91AD7D527791','office',NULL,NULL,NULL,NULL,1,1,0.2,1795341820000,1795341820048,'fosa',1,NULL,NULL,NULL);
CREATE TABLE streams (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    "offset" INTEGER NOT NULL, function_id INTEGER NOT NULL DEFAULT 0, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key, "offset"),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events_history (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, function_id, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid)
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_input (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_input" VALUES('p-20261123-0001 15b0b05fe504','{"args": ["p-20261123-0001"], "kwargs": {}}',1795341820000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
CREATE TABLE workflow_schedules (
    schedule_id TEXT PRIMARY KEY,
    schedule_name TEXT NOT NULL UNIQUE,
    workflow_name TEXT NOT NULL,
    workflow_class_name TEXT,
    schedule TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    context TEXT NOT NULL
, "last_fired_at" TEXT DEFAULT NULL, "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE, "cron_timezone" TEXT DEFAULT NULL, "queue_name" TEXT DEFAULT NULL, "application_name" TEXT DEFAULT NULL);
CREATE TABLE workflow_status (
    workflow_uuid TEXT PRIMARY KEY,
    status TEXT,
    name TEXT,
    authenticated_user TEXT,
    assumed_role TEXT,
    authenticated_roles TEXT,
    request TEXT,
    output TEXT,
    error TEXT,
    executor_id TEXT,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    application_version TEXT,
    application_id TEXT,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    recovery_attempts INTEGER DEFAULT 0,
    queue_name TEXT,
    workflow_timeout_ms INTEGER,
    workflow_deadline_epoch_ms INTEGER,
    inputs TEXT,
    started_at_epoch_ms INTEGER,
    deduplication_id TEXT,
    priority INTEGER NOT NULL DEFAULT 0
, queue_partition_key TEXT, forked_from TEXT, "owner_xid" TEXT DEFAULT NULL, "parent_workflow_id" TEXT DEFAULT NULL, "serialization" TEXT DEFAULT NULL, "delay_until_epoch_ms" BIGINT DEFAULT NULL, "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE, "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE, "completed_at" BIGINT, "attributes" TEXT, "schedule_name" TEXT, "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL, "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE, "application_name" TEXT DEFAULT NULL, "creator_xid" TEXT DEFAULT NULL);
INSERT INTO "workflow_status" VALUES('p-20261123-0001 15b0b05fe504','PENDING','change',NULL,NULL,NULL,NULL,NULL,NULL,'work',1795341820000,1795341821000,'1','',NULL,NULL,1,'office',NULL,NULL,NULL,1795341821000,NULL,0,'pila',NULL,'8991217f-4d2d-470d-a807-e63b34bfaef4',NULL,'fosa_json',NULL,0,0,NULL,'null',NULL,NULL,0,'fosa','56f975a7-3c4b-4442-a673-f16853420ec2');
CREATE INDEX workflow_status_created_at_index ON workflow_status (created_at);
CREATE INDEX idx_workflow_topic ON notifications (destination_uuid, topic);
CREATE INDEX "idx_workflow_status_delayed" ON "workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
CREATE INDEX "idx_workflow_status_forked_from" ON "workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
CREATE UNIQUE INDEX "uq_workflow_status_dedup_id" ON "workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
CREATE INDEX "idx_workflow_status_pending" ON "workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "idx_workflow_status_failed" ON "workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
CREATE INDEX "idx_workflow_status_rate_limited" ON "workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
CREATE INDEX "idx_workflow_status_completed_at" ON "workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "idx_workflow_status_started_at" ON "workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_workflow_status_schedule_name" ON "workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_owner_version"
    ON application_versions ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_unclaimed_version"
    ON application_versions ("version_name")
    WHERE "application_name" IS NULL;
CREATE INDEX idx_workflow_input_retention
    ON workflow_input (retention_timestamp);
CREATE INDEX idx_workflow_output_retention
    ON workflow_output (retention_timestamp);
CREATE INDEX idx_operation_outputs_retention
    ON operation_outputs (retention_timestamp);
CREATE INDEX "idx_workflow_status_in_flight_v2" ON "workflow_status" ("queue_name", "status", "priority", "created_at", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
CREATE INDEX "idx_workflow_status_partition_dequeue_v3" ON "workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX "idx_operation_outputs_completed_at_function_name_v2" ON "operation_outputs" ("completed_at_epoch_ms", "function_name", "application_name");
CREATE INDEX "idx_workflow_status_deadline" ON "workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_application_versions_timestamp" ON "application_versions" ("version_timestamp" DESC);
CREATE INDEX "idx_application_versions_owner_timestamp" ON "application_versions" ("application_name", "version_timestamp" DESC);
COMMIT;
