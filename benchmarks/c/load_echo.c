/*
 * The load of the echo comparison: N connections, one message in flight on each, every byte of every answer
 * checked. Prints "round-trips N wall-us N cpu-us N" for the measured phase; cpu-us is the server's.
 *
 * Usage: load_echo --port PORT [--pid PID] [--connections 64] [--bytes 64] [--idle 0]
 *                  [--warmup-ms 1000] [--ms 3000] [--count 0]
 * It ends after --ms milliseconds or --count round trips, whichever comes first (0: no bound on the count), and fails
 * when nothing arrives for ten seconds. Idle connections are opened first and say nothing.
 */
#include "common.h"

enum { EVENTS = 256, BYTES_MAX = 1024 * 1024, SILENCE_MS = 10000 };

struct connection {
    int fd;
    uint32_t number;
    uint32_t sequence;
    size_t sent;
    size_t received;
    int blocked; /* the server takes no more for now */
};

static int epoll;
static size_t bytes;
static uint64_t round_trips;
static unsigned char message[BYTES_MAX], answer[BYTES_MAX];

/* Each message differs from every other one of its time: connection and sequence number, then a filler. */
static void compose(const struct connection *connection)
{
    memcpy(message, &connection->number, sizeof connection->number);
    memcpy(message + 4, &connection->sequence, sizeof connection->sequence);
}

static void send_rest(struct connection *connection)
{
    compose(connection);
    ssize_t sent = send(connection->fd, message + connection->sent, bytes - connection->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
        fail("send on connection %u: %s", connection->number, strerror(errno));
    connection->sent += sent < 0 ? 0 : (size_t)sent;
    int blocked = connection->sent < bytes;
    if (blocked != connection->blocked) {
        connection->blocked = blocked;
        watch(epoll, EPOLL_CTL_MOD, connection->fd, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN, connection);
    }
}

static void send_next(struct connection *connection)
{
    connection->sequence++;
    connection->sent = connection->received = 0;
    send_rest(connection);
}

static void receive(struct connection *connection)
{
    ssize_t length = recv(connection->fd, answer, bytes - connection->received, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0)
        fail("recv on connection %u: %s", connection->number, length < 0 ? strerror(errno) : "end of stream");
    compose(connection);
    if (memcmp(answer, message + connection->received, (size_t)length) != 0)
        fail("connection %u: the answer to message %u differs", connection->number, connection->sequence);
    connection->received += (size_t)length;
    if (connection->received == bytes) {
        round_trips++;
        send_next(connection);
    }
}

static void serve(struct connection *connection, uint32_t ready)
{
    if ((ready & EPOLLOUT) != 0)
        send_rest(connection);
    if ((ready & ~(uint32_t)EPOLLOUT) != 0)
        receive(connection);
}

static void run(int64_t until, uint64_t count)
{
    struct epoll_event events[EVENTS];
    while (now_us() < until && (count == 0 || round_trips < count)) {
        int ready = epoll_wait(epoll, events, EVENTS, SILENCE_MS);
        if (ready == 0)
            fail("nothing received for %d s", SILENCE_MS / 1000);
        if (ready < 0 && errno != EINTR)
            fail("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < ready; i++)
            serve(events[i].data.ptr, events[i].events);
    }
}

int main(int count, char **arguments)
{
    int port = (int)option(count, arguments, "--port", 0);
    long pid = option(count, arguments, "--pid", 0);
    long connections = option(count, arguments, "--connections", 64);
    long idle = option(count, arguments, "--idle", 0);
    bytes = (size_t)option(count, arguments, "--bytes", 64);
    if (port == 0 || connections < 1 || idle < 0 || bytes < 8 || bytes > BYTES_MAX)
        fail("usage: load_echo --port PORT [--pid PID] [--connections N] [--bytes 8..%d] [--idle N]"
             " [--warmup-ms N] [--ms N] [--count N]", BYTES_MAX);
    raise_descriptor_limit();
    for (size_t i = 0; i < bytes; i++)
        message[i] = (unsigned char)('0' + i % 75);
    for (long i = 0; i < idle; i++)
        connect_to(port);

    epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    struct connection *all = allocate((size_t)connections, sizeof *all);
    for (long i = 0; i < connections; i++) {
        all[i] = (struct connection){.fd = connect_to(port), .number = (uint32_t)i};
        watch(epoll, EPOLL_CTL_ADD, all[i].fd, EPOLLIN, &all[i]);
    }
    for (long i = 0; i < connections; i++)
        send_next(&all[i]);
    run(now_us() + option(count, arguments, "--warmup-ms", 1000) * 1000, 0);

    round_trips = 0;
    int64_t cpu = cpu_us(pid), start = now_us();
    run(start + option(count, arguments, "--ms", 3000) * 1000,
        (uint64_t)option(count, arguments, "--count", 0));
    int64_t wall = now_us() - start;
    printf("round-trips %lu wall-us %ld cpu-us %ld\n", round_trips, wall, cpu_us(pid) - cpu);
    return 0;
}
