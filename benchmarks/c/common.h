/* What the bare servers and the load makers share: options, sockets, clocks, and the CPU time of another process. */
#ifndef POLLUX_BENCHMARKS_COMMON_H
#define POLLUX_BENCHMARKS_COMMON_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static inline int check(int result, const char *call)
{
    if (result < 0)
        fail("%s: %s", call, strerror(errno));
    return result;
}

static inline void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

/* Monotonic microseconds. */
static inline int64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* The value of "--name value", or otherwise when it is absent. */
static inline long option(int count, char **arguments, const char *name, long otherwise)
{
    for (int i = 1; i + 1 < count; i++)
        if (strcmp(arguments[i], name) == 0)
            return strtol(arguments[i + 1], NULL, 10);
    return otherwise;
}

static inline int flag(int count, char **arguments, const char *name)
{
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], name) == 0)
            return 1;
    return 0;
}

static inline void raise_descriptor_limit(void)
{
    struct rlimit limit;
    check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

static inline void set_no_delay(int fd)
{
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static inline void watch(int epoll, int operation, int fd, uint32_t events, void *data)
{
    struct epoll_event event = {.events = events, .data.ptr = data};
    check(epoll_ctl(epoll, operation, fd, &event), "epoll_ctl");
}

static inline struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A non-blocking listener on 127.0.0.1; port 0 takes a free one. Announces "listening NAME 127.0.0.1:PORT". */
static inline int listen_on(const char *name, int port)
{
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    int one = 1;
    check(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "setsockopt");
    struct sockaddr_in address = loopback(port);
    check(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
    check(listen(fd, 4096), "listen");
    socklen_t length = sizeof address;
    check(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
    printf("listening %s 127.0.0.1:%d\n", name, ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* A connected, non-blocking socket to 127.0.0.1. */
static inline int connect_to(int port)
{
    int fd = check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    check(connect(fd, (struct sockaddr *)&address, sizeof address), "connect");
    set_no_delay(fd);
    int one = 1;
    check(ioctl(fd, FIONBIO, &one), "ioctl");
    return fd;
}

/* User and system time of all threads of a process, in microseconds; 0 when no process is named. */
static inline int64_t cpu_us(long pid)
{
    if (pid == 0)
        return 0;
    clockid_t clock;
    struct timespec time;
    int error = clock_getcpuclockid((pid_t)pid, &clock);
    if (error != 0 || clock_gettime(clock, &time) != 0)
        fail("processor time of process %ld: %s", pid, strerror(error != 0 ? error : errno));
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

#endif
