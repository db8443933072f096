/*
 * Opens very many connections to one server, holds them, and looks at the server meanwhile: from several processes, each
 * within its own limit of descriptors, and several addresses of 127.0.0.0/8, each within its ports.
 *
 * Prints "open CONNECTIONS wall-us N cpu-us N resident-kib BEFORE AFTER" when all are open and answered for, and waits for
 * a line on standard input. Then takes round trips on connections all over the crowd, one at a time: "round-trip SAMPLES
 * median-us N p99-us N highest-us N". With --chat it then says lines, one after the other, each when all have the one
 * before: "line MEMBERS wall-us N cpu-us N", from its sending until the last member has it. At the end it resets all.
 */
#include "common.h"
#include <poll.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum {
    /* Connections of one process, if its descriptors suffice; of one address: half of the usual range of local ports, as
       the kernel quickly finds only every second one. */
    PROCESS_MAX = 19900,
    ADDRESS_MAX = 10000,
    /* After so many connections one is asked for an answer, so that the server's backlog never fills. */
    PACE = 64,
    BYTES = 64,
    ANSWER_MAX = 64 * 1024,
    SPARE_DESCRIPTORS = 64
};

static const char chat_greeting[] = " tells more\n", chat_question[] = "/nick\n", chat_answer[] = " changes it\n";

enum command { OPEN = 'o', SAMPLE = 's', LISTEN = 'l', SAY = 'y', END = 'e' };

/* One process of the crowd, as its parent sees it. */
struct part {
    pid_t pid;
    long first, count;
    int commands;
};

/* What a part has to tell, in one piece of the pipe. */
struct report {
    int part;
    int64_t value;
};

static long connections, samples, lines, server;
static int port, chat, reports[2];
static int64_t *latencies; /* shared by all processes */
static char answer[ANSWER_MAX];

/* --- in a part ---------------------------------------------------------------------------------------------------- */

static int connect_as(long number)
{
    long address = number / ADDRESS_MAX;
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"), one = 1;
    struct sockaddr_in from = {.sin_family = AF_INET}, to = loopback(port);
    from.sin_addr.s_addr = htonl(0x7F000101u + (uint32_t)(address / 250 * 256 + address % 250));
    check(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one), "setsockopt");
    check(bind(fd, (struct sockaddr *)&from, sizeof from), "bind");
    check(connect(fd, (struct sockaddr *)&to, sizeof to), "connect");
    return fd;
}

/* Receives until what came has a text in it; a chat may say other things before and behind. */
static void expect(int fd, const char *text, size_t size)
{
    size_t have = 0;
    do {
        if (have == sizeof answer)
            fail("more than %d bytes, and not what was expected", ANSWER_MAX);
        ssize_t length = recv(fd, answer + have, sizeof answer - have, 0);
        if (length <= 0)
            fail("recv: %s", length < 0 ? strerror(errno) : "end of stream");
        have += (size_t)length;
    } while (memmem(answer, have, text, size) == NULL);
}

static void say(int fd, const char *text, size_t size)
{
    if (send(fd, text, size, MSG_NOSIGNAL) != (ssize_t)size)
        fail("send: %s", strerror(errno));
}

static void round_trip(int fd, long number)
{
    if (chat) {
        say(fd, chat_question, sizeof chat_question - 1);
        expect(fd, chat_answer, sizeof chat_answer - 1);
    } else {
        char message[BYTES + 1];
        snprintf(message, sizeof message, "%0*ld", BYTES, number);
        say(fd, message, BYTES);
        expect(fd, message, BYTES);
    }
}

/* A chat greets whoever comes; what is not read stays in the kernel's memory. */
static void open_all(int *fds, const struct part *part)
{
    long greeted = 0;
    for (long i = 0; i < part->count; i++) {
        fds[i] = connect_as(part->first + i);
        if (i % PACE == PACE - 1 || i == part->count - 1) {
            for (; chat && greeted <= i; greeted++)
                expect(fds[greeted], chat_greeting, sizeof chat_greeting - 1);
            round_trip(fds[i], part->first + i);
        }
    }
}

/* Round trips on some of the part's connections, spread over it. */
static void sample(const int *fds, const struct part *part)
{
    for (long s = 0; s < samples; s++) {
        long number = s * connections / samples;
        if (number >= part->first && number < part->first + part->count) {
            int64_t start = now_us();
            round_trip(fds[number - part->first], number);
            latencies[s] = now_us() - start;
        }
    }
}

static size_t line_text(char *text, size_t size, int line)
{
    return (size_t)snprintf(text, size, "第 %d 句话，大家都听得见\n", line);
}

/* One after the other: who has it keeps it until they are asked. */
static void hear(const int *fds, const struct part *part, int line)
{
    char text[BYTES];
    size_t size = line_text(text, sizeof text, line);
    for (long i = 0; i < part->count; i++)
        expect(fds[i], text, size);
}

/* A reset leaves nothing behind, on either side. */
static void reset_all(const int *fds, const struct part *part)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    for (long i = 0; i < part->count; i++) {
        check(setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "setsockopt");
        close(fds[i]);
    }
}

static void report(int part, int64_t value)
{
    struct report what = {.part = part, .value = value};
    if (write(reports[1], &what, sizeof what) != sizeof what)
        fail("write to the parent: %s", strerror(errno));
}

static void serve(int index, const struct part *part, int commands)
{
    int *fds = allocate((size_t)part->count, sizeof *fds), line = 0;
    for (;;) {
        char text[BYTES], command = END;
        check((int)read(commands, &command, 1), "read from the parent");
        switch (command) {
        case OPEN: open_all(fds, part); break;
        case SAMPLE: sample(fds, part); break;
        case LISTEN: hear(fds, part, ++line); break;
        case SAY: say(fds[0], text, line_text(text, sizeof text, line + 1)); continue;
        default: reset_all(fds, part); exit(0);
        }
        report(index, now_us());
    }
}

/* --- the parent --------------------------------------------------------------------------------------------------- */

static void command(const struct part *part, enum command what)
{
    char byte = (char)what;
    if (write(part->commands, &byte, 1) != 1)
        fail("a part has ended: %s", strerror(errno));
}

/* The next report of any part; fails when one ends instead. */
static struct report next_report(void)
{
    struct report what;
    struct pollfd ready = {.fd = reports[0], .events = POLLIN};
    for (;;) {
        int result = poll(&ready, 1, 1000);
        if (result > 0 && read(reports[0], &what, sizeof what) == sizeof what)
            return what;
        if (waitpid(-1, NULL, WNOHANG) > 0)
            fail("a part has ended before its time");
    }
}

static struct part *start(int parts)
{
    struct part *all = allocate((size_t)parts, sizeof *all);
    check(pipe(reports), "pipe");
    for (int i = 0; i < parts; i++) {
        int ends[2];
        check(pipe(ends), "pipe");
        long first = connections * i / parts;
        all[i] = (struct part){.first = first, .count = connections * (i + 1) / parts - first, .commands = ends[1]};
        all[i].pid = check(fork(), "fork");
        if (all[i].pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (int j = 0; j <= i; j++)
                close(all[j].commands);
            serve(i, &all[i], ends[0]);
        }
        close(ends[0]);
    }
    return all;
}

/* Gives all parts a command, a few at a time, and waits until all are done. Returns when the last one was. */
static int64_t in_turn(const struct part *all, int parts, enum command what, int at_a_time)
{
    int64_t last = 0;
    int begun = 0, done = 0;
    for (; begun < parts && begun < at_a_time; begun++)
        command(&all[begun], what);
    for (; done < parts; done++) {
        struct report one = next_report();
        last = one.value > last ? one.value : last;
        if (begun < parts)
            command(&all[begun++], what);
    }
    return last;
}

static long resident_kib(void)
{
    char path[64], text[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", server);
    FILE *file = fopen(path, "r");
    if (server == 0 || file == NULL)
        return 0;
    while (fgets(text, sizeof text, file) != NULL && sscanf(text, "VmRSS: %ld", &kib) != 1)
        continue;
    fclose(file);
    return kib;
}

static int ascending(const void *one, const void *other)
{
    int64_t difference = *(const int64_t *)one - *(const int64_t *)other;
    return (difference > 0) - (difference < 0);
}

static void open_crowd(const struct part *all, int parts, int at_a_time)
{
    long before = resident_kib();
    int64_t cpu = cpu_us(server), begin = now_us(), end = in_turn(all, parts, OPEN, at_a_time);
    printf("open %ld wall-us %ld cpu-us %ld resident-kib %ld %ld\n", connections, end - begin, cpu_us(server) - cpu, before,
        resident_kib());
    fflush(stdout);
}

static void look_around(const struct part *all, int parts)
{
    in_turn(all, parts, SAMPLE, 1); /* the first time wakes everybody up */
    in_turn(all, parts, SAMPLE, 1);
    qsort(latencies, (size_t)samples, sizeof *latencies, ascending);
    printf("round-trip %ld median-us %ld p99-us %ld highest-us %ld\n", samples, latencies[samples / 2],
        latencies[samples * 99 / 100], latencies[samples - 1]);
    fflush(stdout);
}

static void tell_all(const struct part *all, int parts)
{
    for (long line = 1; line <= lines; line++) {
        int64_t cpu = cpu_us(server), begin = now_us();
        command(&all[0], SAY);
        int64_t end = in_turn(all, parts, LISTEN, parts);
        printf("line %ld wall-us %ld cpu-us %ld\n", connections, end - begin, cpu_us(server) - cpu);
        fflush(stdout);
    }
}

int main(int count, char **arguments)
{
    port = (int)option(count, arguments, "--port", 0);
    server = option(count, arguments, "--pid", 0);
    connections = option(count, arguments, "--connections", 10000);
    samples = option(count, arguments, "--samples", 1000);
    lines = option(count, arguments, "--lines", 3);
    chat = flag(count, arguments, "--chat");
    if (port == 0 || connections < 1 || samples < 1 || lines < 0)
        fail("usage: load_crowd --port PORT [--pid PID] [--connections N] [--samples N] [--chat] [--lines N]"
             " [--openers N] [--seconds N]");
    samples = samples < connections ? samples : connections;
    alarm((unsigned)option(count, arguments, "--seconds", 480));
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    struct rlimit limit;
    check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    long most = (long)limit.rlim_cur - SPARE_DESCRIPTORS;
    most = most < PROCESS_MAX ? most : PROCESS_MAX;
    int parts = (int)((connections + most - 1) / most);
    latencies = mmap(NULL, (size_t)samples * sizeof *latencies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (latencies == MAP_FAILED)
        fail("mmap: %s", strerror(errno));

    struct part *all = start(parts);
    open_crowd(all, parts, (int)option(count, arguments, "--openers", 2));
    char line[16];
    if (fgets(line, sizeof line, stdin) == NULL)
        fail("nobody wants to go on");
    look_around(all, parts);
    if (chat)
        tell_all(all, parts);
    for (int i = 0; i < parts; i++)
        command(&all[i], END);
    while (wait(NULL) > 0)
        continue;
    return 0;
}
