/*
 * How long a server takes from exec to its first answered byte, and what it holds in memory when it then idles.
 * Prints "first-byte-us N resident-kib N".
 *
 * Usage: start [--idle-ms 2000] [--deadline-s 60] DOOR REQUEST COMMAND...
 * The command is to print "listening DOOR HOST:PORT"; the request is then sent there, and one byte awaited. The server
 * is ended with SIGTERM.
 */
#include "common.h"
#include <sys/wait.h>

static pid_t child;

/* However this program ends, so does the server. */
static void end_child(void)
{
    if (child > 0) {
        kill(child, SIGTERM);
        waitpid(child, NULL, 0);
    }
}

static void too_late(int number)
{
    (void)number;
    static const char text[] = "no answer before the deadline\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    kill(child, SIGKILL);
    _exit(1);
}

static int spawn(char **command)
{
    int ends[2];
    check(pipe(ends), "pipe");
    child = check(fork(), "fork");
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execvp(command[0], command);
        fail("%s: %s", command[0], strerror(errno));
    }
    close(ends[1]);
    return ends[0];
}

/* The port of the door, once the server says that it is open. */
static int await_door(FILE *output, const char *door)
{
    char line[1024], name[64];
    int port;
    while (fgets(line, sizeof line, output) != NULL)
        if (sscanf(line, "listening %63s %*[^:]:%d", name, &port) == 2 && strcmp(name, door) == 0)
            return port;
    fail("the server ended without opening its door");
    return -1;
}

static long resident_kib(void)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/status", child);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    fclose(file);
    return kib;
}

int main(int count, char **arguments)
{
    int first = 1;
    while (first + 1 < count && strncmp(arguments[first], "--", 2) == 0)
        first += 2;
    if (count - first < 3)
        fail("usage: start [--idle-ms N] [--deadline-s N] DOOR REQUEST COMMAND...");
    const char *door = arguments[first], *request = arguments[first + 1];
    atexit(end_child);
    signal(SIGALRM, too_late);
    alarm((unsigned)option(first, arguments, "--deadline-s", 60));

    int64_t start = now_us();
    FILE *output = fdopen(spawn(arguments + first + 2), "r");
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(await_door(output, door));
    check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    check((int)send(fd, request, strlen(request), MSG_NOSIGNAL), "send");
    char byte;
    if (check((int)recv(fd, &byte, 1, 0), "recv") == 0)
        fail("the server closed the connection without an answer");
    int64_t first_byte = now_us() - start;

    close(fd);
    usleep((useconds_t)option(first, arguments, "--idle-ms", 2000) * 1000);
    long kib = resident_kib();
    alarm(0);
    printf("first-byte-us %ld resident-kib %ld\n", first_byte, kib);
    return 0;
}
