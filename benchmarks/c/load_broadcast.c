/*
 * The load of the group comparison: members of one room, who receive every line that some of them say. With a window
 * of 1 the next line is said when all members have the one before; with 32, 32 lines are kept on their way, in one
 * send when there is one sender.
 * Prints "deliveries N wall-us N cpu-us N" for the measured phase; cpu-us is the server's.
 *
 * Checked: each member gets each line once, whole, and all members in the same order (a rolling hash of what was said,
 * compared line by line with the first member who got that far).
 *
 * Usage: load_broadcast --port PORT [--pid PID] [--members 1000] [--window 1] [--senders 1] [--strip]
 *                       [--warmup-ms 1000] [--ms 3000] [--count 0]
 * It ends after --ms milliseconds or --count lines, whichever comes first (0: no bound on the count), and fails when
 * nothing arrives for ten seconds. With --strip the server puts a date and a name ending in ": " before each line, and
 * may send lines of its own, which are passed over.
 */
#include "common.h"

/* A line said: "say 0000000001 xxx...", TEXT bytes and the newline. */
enum { EVENTS = 1024, TEXT = 60, CHUNK = 64 * 1024, LINE_MAX_BYTES = 1024, RING = 4096, SILENCE_MS = 10000 };

struct member {
    int fd;
    uint64_t lines, hash;
    size_t kept;
    char part[LINE_MAX_BYTES];
};

static struct member *members;
static long members_count, senders, window;
static int strip;
static uint64_t said, complete, deliveries;

/* What is known of line n at n % RING: how many members have it, the hash up to it; and, by number, if it is out. */
static uint32_t having[RING];
static uint64_t hash_at[RING];
static uint8_t on_its_way[RING];

/* Says that many lines, the senders in turn; a single sender says them in one send. */
static void say(long lines)
{
    static char buffer[RING * (TEXT + 1)];
    char *end = buffer;
    for (long i = 0; i < lines; i++) {
        char *line = end;
        memset(line, 'x', TEXT);
        line[sprintf(line, "say %010lu", said % 10000000000UL)] = ' ';
        line[TEXT] = '\n';
        end += TEXT + 1;
        on_its_way[said++ % RING] = 1;
        if (senders > 1 || i + 1 == lines) {
            struct member *sender = &members[members_count - 1 - (long)(said % (uint64_t)senders)];
            if (send(sender->fd, buffer, (size_t)(end - buffer), MSG_NOSIGNAL) != end - buffer)
                fail("send: %s", strerror(errno));
            end = buffer;
        }
    }
}

static uint64_t mix(uint64_t hash, const char *text)
{
    for (int i = 0; i + 8 <= TEXT; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15UL;
        hash ^= hash >> 29;
    }
    return hash;
}

/* The first to get a line checks that it was said and not yet seen; the others, that it is the same line. */
static void deliver(struct member *member, const char *text)
{
    uint64_t slot = member->lines % RING;
    member->hash = mix(member->hash, text);
    if (having[slot] == 0) {
        uint64_t number = strtoul(text + 4, NULL, 10) % RING;
        if (!on_its_way[number])
            fail("a line came that was not said: %.*s", TEXT, text);
        on_its_way[number] = 0;
        hash_at[slot] = member->hash;
    } else if (hash_at[slot] != member->hash) {
        fail("member %ld: line %lu differs from what others got", (long)(member - members), member->lines);
    }
    member->lines++;
    deliveries++;
    if (++having[slot] == (uint32_t)members_count) {
        having[slot] = 0;
        complete++;
    }
}

static void line(struct member *member, const char *bytes, size_t length)
{
    if (strip) {
        const char *colon = memmem(bytes, length, ": ", 2);
        if (colon == NULL)
            return;
        length -= (size_t)(colon + 2 - bytes);
        bytes = colon + 2;
        if (length < 4 || memcmp(bytes, "say ", 4) != 0)
            return;
    }
    if (length != TEXT)
        fail("member %ld: %zu bytes instead of %d: %.*s", (long)(member - members), length, TEXT, (int)length, bytes);
    deliver(member, bytes);
}

static void receive(struct member *member)
{
    static char buffer[LINE_MAX_BYTES + CHUNK];
    ssize_t received = recv(member->fd, buffer + LINE_MAX_BYTES, CHUNK, 0);
    if (received < 0 && errno == EAGAIN)
        return;
    if (received <= 0)
        fail("member %ld: %s", (long)(member - members), received < 0 ? strerror(errno) : "end of stream");
    char *at = buffer + LINE_MAX_BYTES - member->kept;
    char *end = buffer + LINE_MAX_BYTES + received;
    memcpy(at, member->part, member->kept);
    for (char *newline; (newline = memchr(at, '\n', (size_t)(end - at))) != NULL; at = newline + 1)
        line(member, at, (size_t)(newline - at) - (newline > at && newline[-1] == '\r'));
    member->kept = (size_t)(end - at);
    if (member->kept > LINE_MAX_BYTES)
        fail("member %ld: a line without end", (long)(member - members));
    memcpy(member->part, at, member->kept);
}

static void turn(int epoll, int timeout_ms)
{
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, timeout_ms);
    if (ready == 0 && timeout_ms > 0)
        fail("nothing received for %d s; line %lu reached %u of %ld members", SILENCE_MS / 1000, complete,
             having[complete % RING], members_count);
    if (ready < 0 && errno != EINTR)
        fail("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < ready; i++)
        receive(events[i].data.ptr);
}

static void run(int epoll, int64_t until, uint64_t lines)
{
    uint64_t last = complete + lines;
    while (now_us() < until && (lines == 0 || complete < last)) {
        say(window - (long)(said - complete));
        turn(epoll, SILENCE_MS);
    }
}

/* Connects all. The last one says a line: when all have it, all are members. */
static void join(int epoll, int port)
{
    for (long i = 0; i < members_count; i++) {
        members[i].fd = connect_to(port);
        watch(epoll, EPOLL_CTL_ADD, members[i].fd, EPOLLIN, &members[i]);
        turn(epoll, 0);
    }
    say(1);
    while (complete < said)
        turn(epoll, SILENCE_MS);
}

int main(int count, char **arguments)
{
    int port = (int)option(count, arguments, "--port", 0);
    long pid = option(count, arguments, "--pid", 0);
    members_count = option(count, arguments, "--members", 1000);
    window = option(count, arguments, "--window", 1);
    senders = option(count, arguments, "--senders", 1);
    strip = flag(count, arguments, "--strip");
    if (port == 0 || members_count < 1 || window < 1 || window > RING || senders < 1 || senders > members_count)
        fail("usage: load_broadcast --port PORT [--pid PID] [--members N] [--window 1..%d] [--senders 1..members]"
             " [--strip] [--warmup-ms N] [--ms N] [--count N]", RING);
    raise_descriptor_limit();
    members = allocate((size_t)members_count, sizeof *members);
    int epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    join(epoll, port);
    run(epoll, now_us() + option(count, arguments, "--warmup-ms", 1000) * 1000, 0);

    deliveries = 0;
    int64_t cpu = cpu_us(pid), start = now_us();
    run(epoll, start + option(count, arguments, "--ms", 3000) * 1000,
        (uint64_t)option(count, arguments, "--count", 0));
    int64_t wall = now_us() - start;
    printf("deliveries %lu wall-us %ld cpu-us %ld\n", deliveries, wall, cpu_us(pid) - cpu);
    return 0;
}
