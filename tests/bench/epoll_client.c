/* The yardstick for first looks: what this machine allows, with nothing on top.
 *
 *   epoll_client PORT HOSTS AT_ONCE
 *
 * Asks "GET /" of HOSTS loopback addresses, a fresh connection each, AT_ONCE at a time, on one thread, and reads to
 * the end. A host counts when its answer says 200 and holds the words of a listing. Prints one line of JSON.
 * No scope, no budget, no rate, no account: it is the price of sockets alone. Linux (epoll(7)).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, EVENTS = 1024, PATIENCE_MS = 20000 };

struct look {
    int host;
    size_t length;
    bool asked;
    char answer[BUFFER];
};

static struct look **looks;             /* by file descriptor */
static size_t room;                     /* of that table */
static int port, hosts, next_host, underway, right;
static int epoll;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* The same addresses as looks.py: 127.1.0.1 and on, 250 to a network. */
static struct in_addr address_of(int host)
{
    struct in_addr address;
    address.s_addr = htonl(127u << 24 | (1 + host / 62500) << 16 | (host / 250 % 250) << 8 | (1 + host % 250));
    return address;
}

static struct look *look_for(int fd)
{
    if ((size_t)fd >= room) {
        size_t wanted = 2 * (size_t)fd + 64;
        looks = realloc(looks, wanted * sizeof *looks);
        if (!looks)
            die("realloc");
        memset(looks + room, 0, (wanted - room) * sizeof *looks);
        room = wanted;
    }
    if (!looks[fd] && !(looks[fd] = malloc(sizeof **looks)))
        die("malloc");
    return looks[fd];
}

static void start_next(void)
{
    if (next_host == hosts)
        return;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        die("socket");
    struct look *look = look_for(fd);
    look->host = next_host++;
    look->length = 0;
    look->asked = false;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = address_of(look->host)};
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
        die("connect");
    struct epoll_event want = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &want) < 0)
        die("epoll_ctl");
    underway++;
}

static void finish(int fd)
{
    const struct look *look = looks[fd];
    if (look->length > 12 && !memcmp(look->answer + 9, "200", 3) && memmem(look->answer, look->length, "Index of", 8))
        right++;
    close(fd);
    underway--;
    start_next();
}

static bool ask(int fd, struct look *look)
{
    char name[INET_ADDRSTRLEN], request[256];
    struct in_addr address = address_of(look->host);
    inet_ntop(AF_INET, &address, name, sizeof name);
    int length = snprintf(request, sizeof request,
                          "GET / HTTP/1.1\r\nHost: %s:%d\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
                          name, port);
    look->asked = true;
    return send(fd, request, length, MSG_NOSIGNAL) == length;
}

/* True when there will be no more. */
static bool read_on(int fd, struct look *look)
{
    while (look->length < BUFFER) {
        ssize_t got = recv(fd, look->answer + look->length, BUFFER - look->length, 0);
        if (got <= 0)
            return got == 0 || errno != EAGAIN;
        look->length += got;
    }
    return true;
}

static void serve(const struct epoll_event *event)
{
    int fd = event->data.fd;
    struct look *look = looks[fd];
    if (!look->asked && (event->events & EPOLLOUT) && !ask(fd, look)) {
        finish(fd);
        return;
    }
    if (event->events & (EPOLLIN | EPOLLERR | EPOLLHUP) && read_on(fd, look))
        finish(fd);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT HOSTS AT_ONCE\n", argv[0]);
        return 2;
    }
    port = atoi(argv[1]);
    hosts = atoi(argv[2]);
    epoll = epoll_create1(0);
    if (epoll < 0)
        die("epoll_create1");
    double start = seconds();
    for (int i = atoi(argv[3]); i > 0; i--)
        start_next();
    static struct epoll_event events[EVENTS];
    while (underway) {
        int count = epoll_wait(epoll, events, EVENTS, PATIENCE_MS);
        if (count <= 0)
            break;
        for (int i = 0; i < count; i++)
            serve(&events[i]);
    }
    double wall = seconds() - start;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"seconds\": %f, \"cpu\": %f, \"lost\": %d}\n", wall,
           used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
           hosts - right);
    return 0;
}
