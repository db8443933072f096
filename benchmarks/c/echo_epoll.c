/*
 * The least an echo server can do: one thread, level-triggered epoll, one recv and one send per message.
 * Usage: echo_epoll [PORT]   (0, the default, takes a free port)
 */
#include "common.h"

enum { EVENTS = 256, CHUNK = 64 * 1024 };

/* One connection. While the peer does not take its answer, the rest waits here and nothing more is read. */
struct connection {
    int fd;
    size_t length;
    char *rest;
};

static int epoll;
static char buffer[CHUNK];

static void forget(struct connection *connection)
{
    close(connection->fd);
    free(connection->rest);
    free(connection);
}

static void accept_all(int listener)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        set_no_delay(fd);
        struct connection *connection = allocate(1, sizeof *connection);
        connection->fd = fd;
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, connection);
    }
    if (errno != EAGAIN && errno != ECONNABORTED)
        fail("accept4: %s", strerror(errno));
}

/* Sends what it can. 1: all sent; 0: the rest waits; -1: the connection is gone. */
static int send_or_keep(struct connection *connection, const char *bytes, size_t length)
{
    ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
    if (sent == (ssize_t)length)
        return 1;
    if (sent < 0 && errno != EAGAIN)
        return -1;
    size_t taken = sent < 0 ? 0 : (size_t)sent;
    char *rest = allocate(1, length - taken);
    memcpy(rest, bytes + taken, length - taken);
    free(connection->rest);
    connection->rest = rest;
    connection->length = length - taken;
    return 0;
}

static void echo(struct connection *connection)
{
    ssize_t length = recv(connection->fd, buffer, sizeof buffer, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    int result = length <= 0 ? -1 : send_or_keep(connection, buffer, (size_t)length);
    if (result < 0)
        forget(connection);
    else if (result == 0)
        watch(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLOUT, connection);
}

static void resume(struct connection *connection)
{
    int result = send_or_keep(connection, connection->rest, connection->length);
    if (result < 0) {
        forget(connection);
    } else if (result == 1) {
        free(connection->rest);
        connection->rest = NULL;
        watch(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN, connection);
    }
}

int main(int count, char **arguments)
{
    raise_descriptor_limit();
    epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int listener = listen_on("echo", count > 1 ? atoi(arguments[1]) : 0);
    watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR)
            fail("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL)
                accept_all(listener);
            else if (connection->rest != NULL)
                resume(connection);
            else
                echo(connection);
        }
    }
}
