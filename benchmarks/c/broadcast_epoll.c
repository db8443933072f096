/*
 * The least a group server can do: one thread, level-triggered epoll. Every chunk received is copied into the pending
 * output of every member, and each member's output is sent once per turn. Nothing is parsed, named or dated.
 * Usage: broadcast_epoll [PORT]   (0, the default, takes a free port)
 */
#include "common.h"

enum { EVENTS = 1024, CHUNK = 64 * 1024, PENDING_MAX = 4 * 1024 * 1024 };

struct member {
    int fd;
    int index;
    int waits_to_write;
    int lost;
    size_t length, capacity;
    char *pending;
};

static int epoll;
static char buffer[CHUNK];
static struct member **members;
static int members_count, members_capacity;

static void accept_all(int listener)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        set_no_delay(fd);
        if (members_count == members_capacity) {
            members_capacity = members_capacity == 0 ? 64 : members_capacity * 2;
            members = realloc(members, (size_t)members_capacity * sizeof *members);
            if (members == NULL)
                fail("out of memory");
        }
        struct member *member = allocate(1, sizeof *member);
        member->fd = fd;
        member->index = members_count;
        members[members_count++] = member;
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, member);
    }
    if (errno != EAGAIN && errno != ECONNABORTED)
        fail("accept4: %s", strerror(errno));
}

static void append(struct member *member, const char *bytes, size_t length)
{
    if (member->length + length > PENDING_MAX) {
        member->lost = 1;
        return;
    }
    if (member->length + length > member->capacity) {
        member->capacity = (member->length + length) * 2;
        member->pending = realloc(member->pending, member->capacity);
        if (member->pending == NULL)
            fail("out of memory");
    }
    memcpy(member->pending + member->length, bytes, length);
    member->length += length;
}

static void broadcast(struct member *sender)
{
    ssize_t length = recv(sender->fd, buffer, sizeof buffer, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0) {
        sender->lost = 1;
        return;
    }
    for (int i = 0; i < members_count; i++)
        append(members[i], buffer, (size_t)length);
}

static void flush(struct member *member)
{
    ssize_t sent = send(member->fd, member->pending, member->length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        member->lost = 1;
        return;
    }
    if (sent > 0) {
        member->length -= (size_t)sent;
        memmove(member->pending, member->pending + sent, member->length);
    }
    int wait = member->length > 0;
    if (wait != member->waits_to_write) {
        member->waits_to_write = wait;
        watch(epoll, EPOLL_CTL_MOD, member->fd, wait ? EPOLLIN | EPOLLOUT : EPOLLIN, member);
    }
}

static void forget(struct member *member)
{
    members[member->index] = members[--members_count];
    members[member->index]->index = member->index;
    close(member->fd);
    free(member->pending);
    free(member);
}

static void end_turn(void)
{
    for (int i = members_count - 1; i >= 0; i--) {
        if (members[i]->length > 0 && !members[i]->lost)
            flush(members[i]);
        if (members[i]->lost)
            forget(members[i]);
    }
}

int main(int count, char **arguments)
{
    raise_descriptor_limit();
    epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int listener = listen_on("broadcast", count > 1 ? atoi(arguments[1]) : 0);
    watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR)
            fail("epoll_wait: %s", strerror(errno));
        for (int i = 0; i < ready; i++) {
            struct member *member = events[i].data.ptr;
            if (member == NULL)
                accept_all(listener);
            else if (events[i].events & ~(uint32_t)EPOLLOUT)
                broadcast(member);
        }
        end_turn();
    }
}
