/* Many switches in one process: real SSH-2 (libssh), prompts and answers of Cisco IOS, a thread a connection.
 *
 * Use: fakeios DEVICES PORT HOSTKEY COUNTERS LOGIN_MS LINE_MS
 * Device n (from 1) listens on 127.0.2.n and so on, 250 of them to a 127.0.x.0/24; user any, password "admin".
 * COUNTERS is a file of five longs: connections, logins, commands, lines of configuration, saves.
 * Writes "ready" when it listens; ends with its standard input. So fast that it is never the limit of what is measured.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PER_NET = 250, LINE = 2048, OUT = 8192, STACK = 512 * 1024 };
enum counter { CONNECTIONS, LOGINS, COMMANDS, LINES, SAVES, COUNTERS };
enum mode { EXEC, CONFIG, INTERFACE };

struct caller {
    int fd;
    int device;
};

struct session {
    ssh_channel channel;
    char name[32];
    enum mode mode;
    char out[OUT];
    size_t filled;
};

static ssh_bind keys;
static pthread_mutex_t keys_lock = PTHREAD_MUTEX_INITIALIZER;
static int login_ms, line_ms;
static _Atomic long *count;

static void die(const char *why)
{
    fprintf(stderr, "fakeios: %s\n", why);
    exit(1);
}

static void flush(struct session *s)
{
    size_t at = 0;
    while (at < s->filled) {
        int sent = ssh_channel_write(s->channel, s->out + at, (uint32_t)(s->filled - at));
        if (sent <= 0)
            break;
        at += (size_t)sent;
    }
    s->filled = 0;
}

static void say(struct session *s, const char *text)
{
    size_t length = strlen(text);
    if (s->filled + length > OUT)
        flush(s);
    memcpy(s->out + s->filled, text, length);
    s->filled += length;
}

static void prompt(struct session *s)
{
    static const char *const ends[] = {"#", "(config)#", "(config-if)#"};
    say(s, s->name);
    say(s, ends[s->mode]);
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* Returns false when the caller logs out. */
static bool exec_line(struct session *s, const char *line)
{
    if (begins(line, "exit") || begins(line, "quit") || begins(line, "logout"))
        return false;
    if (begins(line, "conf")) {
        s->mode = CONFIG;
        say(s, "Enter configuration commands, one per line.  End with CNTL/Z.\r\n");
    } else if (begins(line, "show ver")) {
        say(s, "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc4)\r\n");
        say(s, s->name);
        say(s, " uptime is 10 weeks, 3 days\r\nConfiguration register is 0xF\r\n\r\n");
    } else if (begins(line, "show run")) {
        say(s, "Building configuration...\r\n\r\nCurrent configuration : 90 bytes\r\n!\r\nversion 15.2\r\nhostname ");
        say(s, s->name);
        say(s, "\r\n!\r\nend\r\n");
    } else if (begins(line, "show priv")) {
        say(s, "Current privilege level is 15\r\n");
    } else if (begins(line, "wr") || begins(line, "copy")) {
        count[SAVES]++;
        say(s, "Building configuration...\r\n[OK]\r\n");
    } else if (!begins(line, "term") && !begins(line, "enable") && !begins(line, "show")) {
        say(s, "          ^\r\n% Invalid input detected at '^' marker.\r\n\r\n");
    }
    return true;
}

static void config_line(struct session *s, const char *line)
{
    if (begins(line, "end")) {
        s->mode = EXEC;
    } else if (begins(line, "exit")) {
        s->mode = s->mode == INTERFACE ? CONFIG : EXEC;
    } else {
        if (begins(line, "interface "))
            s->mode = INTERFACE;
        count[LINES]++;
    }
}

static bool take(struct session *s, char *line)
{
    char *end = line + strlen(line);
    while (*line == ' ')
        line++;
    while (end > line && end[-1] == ' ')
        *--end = 0;
    say(s, "\r\n");
    count[COMMANDS]++;
    if (line_ms && *line) {
        flush(s);
        usleep((useconds_t)line_ms * 1000);
    }
    bool stays = true;
    if (*line == 0 || *line == '!')
        ;
    else if (s->mode == EXEC)
        stays = exec_line(s, line);
    else
        config_line(s, line);
    if (stays)
        prompt(s);
    return stays;
}

static void converse(struct session *s)
{
    char in[4096], line[LINE], last = 0;
    size_t length = 0;
    say(s, "\r\n");
    prompt(s);
    flush(s);
    for (int got; (got = ssh_channel_read(s->channel, in, sizeof in, 0)) > 0; flush(s)) {
        for (int i = 0; i < got; i++) {
            char c = in[i];
            bool second = c == '\n' && last == '\r';
            last = c;
            if (second)
                continue;
            if (c == 3 || c == 26) { /* control-C, control-Z */
                s->mode = EXEC;
                length = 0;
                say(s, "\r\n");
                prompt(s);
            } else if (c == '\r' || c == '\n') {
                line[length] = 0;
                length = 0;
                if (!take(s, line)) {
                    flush(s);
                    return;
                }
            } else {
                char echo[2] = {c, 0};
                if (length < LINE - 1)
                    line[length++] = c;
                say(s, echo);
            }
        }
    }
}

/* Answers messages until somebody who has logged in asks for a shell; NULL when he goes before. */
static ssh_channel admitted(ssh_session session)
{
    ssh_channel channel = NULL;
    bool known = false, shell = false;
    ssh_message m;
    while (!shell && (m = ssh_message_get(session))) {
        int type = ssh_message_type(m), sub = ssh_message_subtype(m);
        bool taken = true;
        if (type == SSH_REQUEST_AUTH && sub == SSH_AUTH_METHOD_PASSWORD) {
            const char *word = ssh_message_auth_password(m);
            known = word && strcmp(word, "admin") == 0;
            if (known) {
                usleep((useconds_t)login_ms * 1000);
                count[LOGINS]++;
                ssh_message_auth_reply_success(m, 0);
            }
            taken = known;
        } else if (type == SSH_REQUEST_AUTH) {
            ssh_message_auth_set_methods(m, SSH_AUTH_METHOD_PASSWORD);
            taken = false;
        } else if (type == SSH_REQUEST_CHANNEL_OPEN && sub == SSH_CHANNEL_SESSION && known) {
            channel = ssh_message_channel_request_open_reply_accept(m);
        } else if (type == SSH_REQUEST_CHANNEL && channel &&
                   (sub == SSH_CHANNEL_REQUEST_PTY || sub == SSH_CHANNEL_REQUEST_ENV ||
                    sub == SSH_CHANNEL_REQUEST_WINDOW_CHANGE || sub == SSH_CHANNEL_REQUEST_SHELL)) {
            shell = sub == SSH_CHANNEL_REQUEST_SHELL;
            ssh_message_channel_request_reply_success(m);
        } else if (type == SSH_REQUEST_SERVICE) {
            ssh_message_service_reply_success(m);
        } else {
            taken = false;
        }
        if (!taken)
            ssh_message_reply_default(m);
        ssh_message_free(m);
    }
    return shell ? channel : NULL;
}

static void *serve(void *argument)
{
    struct caller caller = *(struct caller *)argument;
    int yes = 1;
    free(argument);
    setsockopt(caller.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ssh_session session = ssh_new();
    pthread_mutex_lock(&keys_lock);
    int accepted = ssh_bind_accept_fd(keys, session, caller.fd);
    pthread_mutex_unlock(&keys_lock);
    if (accepted == SSH_OK && ssh_handle_key_exchange(session) == SSH_OK) {
        count[CONNECTIONS]++;
        ssh_channel channel = admitted(session);
        if (channel) {
            struct session *s = calloc(1, sizeof *s);
            s->channel = channel;
            snprintf(s->name, sizeof s->name, "sw-%03d", caller.device);
            converse(s);
            free(s);
            ssh_channel_send_eof(channel);
            ssh_channel_close(channel);
        }
    }
    ssh_disconnect(session);
    ssh_free(session);
    return NULL;
}

static int listening(int device, int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(0x7f000000u | (uint32_t)((2 + device / PER_NET) << 8) | (uint32_t)(1 + device % PER_NET));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 512))
        die("an address is taken");
    return fd;
}

/* libssh loads the host key only when it listens itself: once, where nobody asks. */
static void load_keys(const char *file)
{
    int port = 0;
    keys = ssh_bind_new();
    ssh_bind_options_set(keys, SSH_BIND_OPTIONS_BINDADDR, "127.0.0.1");
    ssh_bind_options_set(keys, SSH_BIND_OPTIONS_BINDPORT, &port);
    if (ssh_bind_options_set(keys, SSH_BIND_OPTIONS_HOSTKEY, file) < 0 || ssh_bind_listen(keys) < 0)
        die(ssh_get_error(keys));
}

static void map_counters(const char *file)
{
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, COUNTERS * sizeof *count))
        die("no file for the counters");
    count = mmap(NULL, COUNTERS * sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (count == MAP_FAILED)
        die("no memory for the counters");
}

static void watch(int poll, int fd, int device)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)(uint32_t)device << 32 | (uint32_t)fd};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

static void receive(int fd, int device, const pthread_attr_t *how)
{
    pthread_t thread;
    struct caller *caller = malloc(sizeof *caller);
    *caller = (struct caller){accept4(fd, NULL, NULL, SOCK_CLOEXEC), device};
    if (caller->fd < 0 || pthread_create(&thread, how, serve, caller)) {
        close(caller->fd);
        free(caller);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7)
        die("use: fakeios DEVICES PORT HOSTKEY COUNTERS LOGIN_MS LINE_MS");
    int devices = atoi(argv[1]), port = atoi(argv[2]), poll = epoll_create1(EPOLL_CLOEXEC);
    login_ms = atoi(argv[5]);
    line_ms = atoi(argv[6]);
    ssh_init();
    load_keys(argv[3]);
    map_counters(argv[4]);
    for (int device = 0; device < devices; device++)
        watch(poll, listening(device, port), device + 1);
    watch(poll, STDIN_FILENO, 0);
    pthread_attr_t how;
    pthread_attr_init(&how);
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&how, STACK);
    puts("ready");
    fflush(stdout);
    struct epoll_event events[64];
    for (;;) {
        int found = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < found; i++) {
            int device = (int)(events[i].data.u64 >> 32);
            if (device == 0)
                return 0;
            receive((int)(events[i].data.u64 & 0xffffffff), device, &how);
        }
    }
}
