BEGIN TRANSACTION;
CREATE TABLE audit (
	number BIGINT NOT NULL, 
	entry TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,'{"number":1,"at":"2026-11-22T10:03:36.288319Z","deed":{"who":"jan","origin":"console","action":"plan.approve","subject":"plan p-20261123-0001","before":"","after":"db2d01c77f1e3c2084fad9729508db2bfe9cab5e7b0e920ffb5f9ea82de651a1","result":"done","detail":{}},"previous":"0000000000000000000000000000000000000000000000000000000000000000"}','ab5b96d87287e2abbed1480aff62173ca2601292b6cc3a47a5d047604b5ff497');
INSERT INTO "audit" VALUES(2,'{"number":2,"at":"2026-11-23T09:00:00.370905Z","deed":{"who":"schedule:work","origin":"schedule","action":"work.begin","subject":"executor work","before":"","after":"9f9276faba42183672ca10f5a280fae82366f1cf7b72226bbdc444f8ad0f9789","result":"done","detail":{}},"previous":"ab5b96d87287e2abbed1480aff62173ca2601292b6cc3a47a5d047604b5ff497"}','9a32cd05ab497d981088af9055fcd53376fbcc827201e2b8d7d1d45c0bb2cd14');
INSERT INTO "audit" VALUES(3,'{"number":3,"at":"2026-11-23T09:00:00.721507Z","deed":{"who":"schedule:changes","origin":"schedule","action":"change.queue","subject":"change p-20261123-0001","before":"","after":"ded6f28884abe164d332474e49f8e428e96cd5a15da1b60b1fdf0d31714d357b","result":"done","detail":{"author":"anna","approved":"jan","why":"because"}},"previous":"9a32cd05ab497d981088af9055fcd53376fbcc827201e2b8d7d1d45c0bb2cd14"}','4aff1318b707106049f14643a0983ed99ec2dfc74abcc5cb3fec5aca10ab16d8');
INSERT INTO "audit" VALUES(4,'{"number":4,"at":"2026-11-23T09:00:00.761709Z","deed":{"who":"schedule:forget","origin":"schedule","action":"job.run","subject":"job forget","before":"","after":"482efa6076d3ffed191cc2bcfb90a51866f881cfa8538f27130d69a94e6f3aae","result":"done","detail":{}},"previous":"4aff1318b707106049f14643a0983ed99ec2dfc74abcc5cb3fec5aca10ab16d8"}','3fd35ab04e5dfa67f111715d5f5e80ef0f7628a497245de13806d14a95bf0339');
INSERT INTO "audit" VALUES(5,'{"number":5,"at":"2026-11-23T09:00:01.921543Z","deed":{"who":"schedule:changes","origin":"schedule","action":"change.begin","subject":"change p-20261123-0001","before":"","after":"","result":"done","detail":{"author":"anna","approved":"jan","why":"because"}},"previous":"3fd35ab04e5dfa67f111715d5f5e80ef0f7628a497245de13806d14a95bf0339"}','b8b69e532a9716aa67c6b226b9c99c7532b0b5b703a675144de6cfce0d7040ae');
CREATE TABLE documents (
	shelf TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	changed_at DATETIME NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (shelf, "key")
);
INSERT INTO "documents" VALUES('plan','p-20261123-0001',2,'running','2026-11-23 09:00:01.921543','{"id":"p-20261123-0001","kind":"push","author":"anna","why":"because","made_at":"2026-11-23T09:00:00Z","until":"2036-11-20T09:00:00Z","not_before":null,"devices":[{"name":"gw-b","base":"e197aec17edd56055f688e907a2b92065f53efc91d1b0c611bd1646b5508be1d","files":[{"path":"/etc/one","mode":420,"text":"one of gw-b, p-20261123-0001\n"},{"path":"/etc/two","mode":420,"text":"two of gw-b, p-20261123-0001\n"}],"diffs":[],"group":"gw-b","risks":[],"guard":"device","tunnels":[]},{"name":"gw-c","base":"2da21856703ae8d021623e4ea5aa9df241362acb4fb0b7148a4e3e85c85c3729","files":[{"path":"/etc/one","mode":420,"text":"one of gw-c, p-20261123-0001\n"},{"path":"/etc/two","mode":420,"text":"two of gw-c, p-20261123-0001\n"}],"diffs":[],"group":"gw-c","risks":[],"guard":"device","tunnels":[]},{"name":"gw-k","base":"e7095fee1943708f7595549b8a1c479f3e806c3a719d98ac79bd6ee943b3d200","files":[{"path":"/etc/one","mode":420,"text":"one of gw-k, p-20261123-0001\n"},{"path":"/etc/two","mode":420,"text":"two of gw-k, p-20261123-0001\n"}],"diffs":[],"group":"gw-k","risks":[],"guard":"device","tunnels":[]}],"waves":[["gw-b"],["gw-c","gw-k"]],"together":[],"fixed":[],"caused":[],"unjudged":[],"four_eyes":true,"on_site":"","revert_after_s":60,"removal":null,"removes":[],"follows":"","state":"running","approvals":[{"who":"jan","at":"2026-11-23T09:00:00Z","digest":"15b0b05fe5046ac807e7bc4085e6c736634188b5be8f5168950a099924a25af1"}],"begin_now":"","remark":null}');
INSERT INTO "documents" VALUES('executor','work',1,'here','2026-11-23 09:00:00.370905','{"begun_at":"2026-11-23T09:00:00.355834Z","lost_at":null,"taken_by":""}');
INSERT INTO "documents" VALUES('change','p-20261123-0001',2,'running','2026-11-23 09:00:01.921543','{"plan":"p-20261123-0001","state":"running","queued_at":"2026-11-23T09:00:00.721405Z","begun_at":"2026-11-23T09:00:01.921455Z","ended_at":null,"worker":"work","devices":{}}');
INSERT INTO "documents" VALUES('job','forget',1,'','2026-11-23 09:00:00.761709','{"at":"2026-11-23T09:00:00.761643Z","by":"work"}');
CREATE TABLE fosa_ledger_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT fosa_ledger_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "fosa_ledger_version" VALUES('0001');
CREATE TABLE progress (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	subject TEXT NOT NULL, 
	line TEXT NOT NULL
);
INSERT INTO "progress" VALUES(1,'change p-20261123-0001','{"at":"2026-11-23T09:00:01.958106Z","wave":1,"device":"gw-b","step":"backup","end":null}');
INSERT INTO "progress" VALUES(2,'change p-20261123-0001','{"at":"2026-11-23T09:00:01.992559Z","wave":1,"device":"gw-b","step":"stage","end":null}');
INSERT INTO "progress" VALUES(3,'change p-20261123-0001','{"at":"2026-11-23T09:00:01.997088Z","wave":1,"device":"gw-b","step":"commit","end":null}');
INSERT INTO "progress" VALUES(4,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.000513Z","wave":1,"device":"gw-b","step":"verify","end":null}');
INSERT INTO "progress" VALUES(5,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.004697Z","wave":1,"device":"gw-b","step":"confirm","end":null}');
INSERT INTO "progress" VALUES(6,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.009043Z","wave":1,"device":"gw-b","step":"done","end":{"ended":"changed","restored":"untouched","reason":null}}');
INSERT INTO "progress" VALUES(7,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.009061Z","wave":2,"device":"gw-c","step":"backup","end":null}');
INSERT INTO "progress" VALUES(8,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.009068Z","wave":2,"device":"gw-k","step":"backup","end":null}');
INSERT INTO "progress" VALUES(9,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.056465Z","wave":2,"device":"gw-c","step":"stage","end":null}');
INSERT INTO "progress" VALUES(10,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.056495Z","wave":2,"device":"gw-k","step":"stage","end":null}');
INSERT INTO "progress" VALUES(11,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.073337Z","wave":2,"device":"gw-c","step":"commit","end":null}');
INSERT INTO "progress" VALUES(12,'change p-20261123-0001','{"at":"2026-11-23T09:00:02.073367Z","wave":2,"device":"gw-k","step":"commit","end":null}');
CREATE INDEX documents_by_state ON documents (shelf, state);
CREATE INDEX progress_by_subject ON progress (subject, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('progress',12);
COMMIT;
