/*
 * lone - one thing at a time: what a lone update costs, and how long it takes.
 *
 * One thread puts a document, waits until it is acknowledged or (with "seen") until a follower on a second connection has
 * it, and puts the next. It prints one JSON line: percentiles of that time, and the CPU time of the server for each.
 *
 *   build:  gcc -O2 -Wall -o lone lone.c
 *   run:    lone PROTOCOL PORT SERVER-PID COUNT SIZE acknowledged|seen
 *
 *   line       the line protocol: put, accepted, update
 *   put, get   HTTP/1.1 on a kept-alive connection: PUT or GET of a document; acknowledged only
 *   redis      SET, or with "seen" PUBLISH and SUBSCRIBE
 *   nats       JetStream, a stream on files: PUB with its acknowledgement, a push consumer
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long u64;

enum { KEYS = 100, ROOM = 1 << 20, PATIENCE_S = 20 };

static void die(const char *why) {
    fprintf(stderr, "lone: %s\n", why);
    exit(2);
}

static u64 now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* CPU seconds of all threads of a process, those that have ended too; its own and the kernel's for it, to the nanosecond. */
static double cpu_s(int pid) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) die("there is no such server process");
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---------------------------------------------------------------- connections */

/* What came and was not looked at yet: a client that waits for one thing may be sent the beginning of the next. */
struct client {
    int fd, length;
    char text[ROOM];
};

static struct client publisher, follower;

static void connect_to(struct client *c, int port) {
    int on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (void *)&a, sizeof a)) die("cannot connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static void say(struct client *c, const char *text, int length) {
    if (send(c->fd, text, length, MSG_NOSIGNAL) != length) die("the server does not take what it is sent");
}

static void say_text(struct client *c, const char *text) { say(c, text, strlen(text)); }

/* Waits until a text comes, and forgets all up to its end. */
static void await(struct client *c, const char *token) {
    for (;;) {
        c->text[c->length] = 0;
        char *at = strstr(c->text, token);
        if (at) {
            at += strlen(token);
            c->length -= at - c->text;
            memmove(c->text, at, c->length);
            return;
        }
        if (c->length > ROOM / 2) c->length = 0;
        int n = recv(c->fd, c->text + c->length, ROOM - 1 - c->length, 0);
        if (n <= 0) {
            fprintf(stderr, "lone: waiting for %s, with %.200s\n", token, c->text);
            die("the server does not answer");
        }
        c->length += n;
    }
}

/* ------------------------------------------------------------------- protocols */

static void js_ask(const char *subject, const char *body) {
    char text[1024];
    int n = snprintf(text, sizeof text, "PUB %s _INBOX.lone %d\r\n%s\r\n", subject, (int)strlen(body), body);
    say(&publisher, text, n);
    await(&publisher, "MSG _INBOX.lone");
}

static void begin(const char *protocol, int seen) {
    if (!strcmp(protocol, "line") && seen) {
        say_text(&follower, "updates lone\n");
        await(&follower, "\"subscribed\"");
    } else if (!strcmp(protocol, "redis") && seen) {
        say_text(&follower, "*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nlone\r\n");
        await(&follower, ":1\r\n");
    } else if (!strcmp(protocol, "nats")) {
        const char *hello = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nPING\r\n";
        say_text(&publisher, hello);
        await(&publisher, "PONG\r\n");
        say_text(&publisher, "SUB _INBOX.lone 1\r\n");
        js_ask("$JS.API.STREAM.CREATE.LONE",
               "{\"name\":\"LONE\",\"subjects\":[\"lone.>\"],\"storage\":\"file\",\"retention\":\"limits\",\"max_msgs\":-1,"
               "\"max_bytes\":-1,\"max_age\":0,\"num_replicas\":1}");
        if (seen) {
            char text[512];
            int id = getpid(); /* the consumer of the run before may still be there */
            say_text(&follower, hello);
            snprintf(text, sizeof text, "SUB deliver.%d 1\r\nPING\r\n", id);
            say_text(&follower, text);
            await(&follower, "PONG\r\n");
            await(&follower, "PONG\r\n");
            snprintf(text, sizeof text,
                     "{\"stream_name\":\"LONE\",\"config\":{\"deliver_subject\":\"deliver.%d\",\"deliver_policy\":\"new\","
                     "\"ack_policy\":\"none\",\"replay_policy\":\"instant\"}}", id);
            js_ask("$JS.API.CONSUMER.CREATE.LONE", text);
        }
    }
}

/* What is sent for one put. */
static int request(const char *protocol, int seen, int number, const char *body, char *to) {
    int length = strlen(body), key = number % KEYS;
    if (!strcmp(protocol, "line")) return sprintf(to, "put lone k%d %s\n", key, body);
    if (!strcmp(protocol, "put"))
        return sprintf(to, "PUT /v1/documents/lone/k%d HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                       key, length, body);
    if (!strcmp(protocol, "get")) return sprintf(to, "GET /v1/documents/lone/k%d HTTP/1.1\r\nHost: localhost\r\n\r\n", key);
    if (!strcmp(protocol, "redis") && seen) return sprintf(to, "*3\r\n$7\r\nPUBLISH\r\n$4\r\nlone\r\n$%d\r\n%s\r\n", length, body);
    if (!strcmp(protocol, "redis")) return sprintf(to, "*3\r\n$3\r\nSET\r\n$7\r\nlone:%02d\r\n$%d\r\n%s\r\n", key, length, body);
    if (!strcmp(protocol, "nats")) return sprintf(to, "PUB lone.k%d _INBOX.lone %d\r\n%s\r\n", key, length, body);
    die("there is no such protocol");
    return 0;
}

static const char *acknowledgement(const char *protocol, int seen) {
    if (!strcmp(protocol, "line")) return "\"accepted\"";
    if (!strcmp(protocol, "redis")) return seen ? ":1\r\n" : "+OK\r\n";
    if (!strcmp(protocol, "nats")) return "\"seq\":";
    return "HTTP/1.1 20";
}

/* ------------------------------------------------------------------------ main */

static int by_size(const void *a, const void *b) {
    u64 x = *(const u64 *)a, y = *(const u64 *)b;
    return x < y ? -1 : x > y;
}

int main(int count_of_args, char **args) {
    if (count_of_args != 7) die("lone PROTOCOL PORT SERVER-PID COUNT SIZE acknowledged|seen");
    const char *protocol = args[1];
    int port = atoi(args[2]), pid = atoi(args[3]), count = atoi(args[4]), size = atoi(args[5]), seen = !strcmp(args[6], "seen");
    static char pad[1 << 16], body[1 << 17], message[1 << 18], token[64];
    if (count < 1 || size < 40 || size >= (int)sizeof pad) die("COUNT is at least 1, SIZE from 40 to 65535 bytes");
    memset(pad, 'x', size - 35);
    u64 *took = calloc(count, sizeof *took);
    connect_to(&publisher, port);
    connect_to(&follower, port);
    begin(protocol, seen);
    const char *ack = acknowledgement(protocol, seen);
    double cpu = 0;
    for (int i = -count / 4; i < count; i++) { /* the first fifth is not counted */
        if (i == 0) cpu = cpu_s(pid);
        snprintf(token, sizeof token, "\"n\":\"%09d\"", i + count);
        snprintf(body, sizeof body, "{%s,\"pad\":\"%s\"}", token, pad);
        int length = request(protocol, seen, i + count, body, message);
        u64 begun = now_ns();
        say(&publisher, message, length);
        if (seen) await(&follower, token);
        else await(&publisher, ack);
        if (i >= 0) took[i] = now_ns() - begun;
        if (seen) await(&publisher, ack);
    }
    cpu = cpu_s(pid) - cpu;
    qsort(took, count, sizeof *took, by_size);
    printf("{\"protocol\":\"%s\",\"until\":\"%s\",\"count\":%d,\"size\":%d,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"server_cpu_us\":%.1f}\n",
           protocol, args[6], count, size, took[count / 2] / 1e3, took[count * 99L / 100] / 1e3, took[count - 1] / 1e3, cpu * 1e6 / count);
    return 0;
}
