/*
 * The least an echo server over io_uring can do, with raw system calls: one thread, one io_uring_enter per turn, a
 * multishot accept into direct descriptors, a multishot recv per connection into buffers that the kernel picks, one send
 * per buffer, out of it. It tells what the mechanism itself costs, beside echo_epoll.c.
 * Usage: echo_uring [PORT]   (0, the default, takes a free port)
 */
#include "common.h"

#include <linux/io_uring.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { REQUESTS = 4096, COMPLETIONS = 16384, SLOTS = 16384, BUFFERS = 256, BUFFER_BYTES = 64 * 1024 };
enum { SKEW = 128 }; /* so that the buffers' first lines do not compete for the same places in the caches */
enum { ACCEPT, RECV, SEND, CLOSE };
enum { NONE = BUFFERS };

static int ring;
static struct io_uring_params params = {
    .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    .cq_entries = COMPLETIONS};
static char *queues, *buffers;
static struct io_uring_sqe *requests;
static struct io_uring_buf_ring *stock;
static unsigned tail, submitted;
static uint16_t given;

/* What waits to be sent: of each connection the first and the last buffer, and of each buffer the one behind it. Two
 * sends of one connection at a time might overtake each other. */
static struct { uint16_t first, last; } queue[SLOTS];
static struct { unsigned slot; int length; uint16_t next; } waiting[BUFFERS];

static unsigned *word(unsigned offset) { return (unsigned *)(queues + offset); }

static void *map(size_t size, int flags, int fd, off_t offset)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, offset);
    if (memory == MAP_FAILED)
        fail("mmap: %s", strerror(errno));
    return memory;
}

/* Hands over what was written, and waits for so many completions. */
static void enter(unsigned completions)
{
    atomic_store_explicit((_Atomic unsigned *)word(params.sq_off.tail), tail, memory_order_release);
    long taken = syscall(__NR_io_uring_enter, ring, tail - submitted, completions,
                         completions > 0 ? IORING_ENTER_GETEVENTS : 0, NULL, 0);
    if (taken >= 0)
        submitted += (unsigned)taken;
    else if (errno != EINTR)
        fail("io_uring_enter: %s", strerror(errno));
}

static struct io_uring_sqe *request(int opcode, int slot, uint64_t kind, unsigned number)
{
    while (tail - submitted == params.sq_entries)
        enter(0);
    struct io_uring_sqe *entry = &requests[tail++ & (params.sq_entries - 1)];
    *entry = (struct io_uring_sqe){.opcode = (uint8_t)opcode, .fd = slot, .user_data = kind << 32 | number};
    return entry;
}

static void receive(unsigned slot)
{
    struct io_uring_sqe *entry = request(IORING_OP_RECV, (int)slot, RECV, slot);
    entry->flags = IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    entry->ioprio = IORING_RECV_MULTISHOT;
}

/* The kernel goes on with what was sent short, and the buffer comes back with the completion. */
static void send_first(unsigned slot)
{
    unsigned buffer = queue[slot].first;
    struct io_uring_sqe *entry = request(IORING_OP_SEND, (int)slot, SEND, buffer);
    entry->flags = IOSQE_FIXED_FILE;
    entry->addr = (uint64_t)(uintptr_t)(buffers + (size_t)buffer * (BUFFER_BYTES + SKEW));
    entry->len = (uint32_t)waiting[buffer].length;
    entry->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
}

static void answer(unsigned slot, unsigned buffer, int length)
{
    waiting[buffer].slot = slot;
    waiting[buffer].length = length;
    waiting[buffer].next = NONE;
    unsigned before = queue[slot].last;
    queue[slot].last = (uint16_t)buffer;
    if (queue[slot].first != NONE) {
        waiting[before].next = (uint16_t)buffer;
    } else {
        queue[slot].first = (uint16_t)buffer;
        send_first(slot);
    }
}

static void give(unsigned buffer)
{
    struct io_uring_buf *entry = &stock->bufs[given++ & (BUFFERS - 1)];
    entry->addr = (uint64_t)(uintptr_t)(buffers + (size_t)buffer * (BUFFER_BYTES + SKEW));
    entry->len = BUFFER_BYTES;
    entry->bid = (uint16_t)buffer;
}

static void sent(unsigned buffer)
{
    unsigned slot = waiting[buffer].slot;
    give(buffer);
    if (queue[slot].first != buffer)
        return; /* The connection is gone. */
    queue[slot].first = waiting[buffer].next;
    if (queue[slot].first != NONE)
        send_first(slot);
}

/* The first buffer, which is being sent, comes back with its completion. */
static void forget(unsigned slot)
{
    if (queue[slot].first != NONE)
        for (unsigned buffer = waiting[queue[slot].first].next; buffer != NONE; buffer = waiting[buffer].next)
            give(buffer);
    queue[slot].first = NONE;
    request(IORING_OP_CLOSE, 0, CLOSE, slot)->file_index = slot + 1;
}

static void received(const struct io_uring_cqe *completion, unsigned slot)
{
    int more = (completion->flags & IORING_CQE_F_MORE) != 0;
    if (completion->res > 0)
        answer(slot, completion->flags >> IORING_CQE_BUFFER_SHIFT, completion->res);
    if (completion->res > 0 || completion->res == -ENOBUFS) {
        if (!more)
            receive(slot);
    } else {
        forget(slot);
    }
}

static void complete(const struct io_uring_cqe *completion)
{
    unsigned number = (unsigned)completion->user_data;
    switch (completion->user_data >> 32) {
    case ACCEPT:
        if (completion->res < 0)
            fail("accept: %s", strerror(-completion->res));
        receive((unsigned)completion->res);
        break;
    case RECV:
        received(completion, number);
        break;
    case SEND:
        sent(number);
        break;
    default:
        break;
    }
}

static void control(unsigned opcode, void *argument, unsigned count)
{
    check((int)syscall(__NR_io_uring_register, ring, opcode, argument, count), "io_uring_register");
}

static void open_ring(void)
{
    ring = check((int)syscall(__NR_io_uring_setup, REQUESTS, &params), "io_uring_setup");
    size_t behind_completions = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    size_t behind_requests = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t size = behind_completions > behind_requests ? behind_completions : behind_requests;
    queues = map(size, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    requests = map(params.sq_entries * sizeof *requests, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
    for (unsigned i = 0; i < params.sq_entries; i++)
        word(params.sq_off.array)[i] = i;
    struct io_uring_rsrc_register table = {.nr = SLOTS, .flags = IORING_RSRC_REGISTER_SPARSE};
    control(IORING_REGISTER_FILES2, &table, sizeof table);
    buffers = map(BUFFERS * (BUFFER_BYTES + SKEW), MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stock = map(BUFFERS * sizeof(struct io_uring_buf), MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct io_uring_buf_reg group = {.ring_addr = (uint64_t)(uintptr_t)stock, .ring_entries = BUFFERS};
    control(IORING_REGISTER_PBUF_RING, &group, 1);
    for (unsigned i = 0; i < BUFFERS; i++)
        give(i);
    for (unsigned i = 0; i < SLOTS; i++)
        queue[i].first = NONE;
}

int main(int count, char **arguments)
{
    raise_descriptor_limit();
    open_ring();
    int listener = listen_on("echo", count > 1 ? atoi(arguments[1]) : 0);
    set_no_delay(listener); /* Accepted sockets inherit it. */
    struct io_uring_sqe *accept = request(IORING_OP_ACCEPT, listener, ACCEPT, 0);
    accept->ioprio = IORING_ACCEPT_MULTISHOT;
    accept->file_index = IORING_FILE_INDEX_ALLOC;
    const struct io_uring_cqe *completions = (void *)(queues + params.cq_off.cqes);
    unsigned head = 0;
    for (;;) {
        atomic_store_explicit((_Atomic uint16_t *)&stock->tail, given, memory_order_release);
        enter(1);
        unsigned end = atomic_load_explicit((_Atomic unsigned *)word(params.cq_off.tail), memory_order_acquire);
        for (; head != end; head++)
            complete(&completions[head & (params.cq_entries - 1)]);
        atomic_store_explicit((_Atomic unsigned *)word(params.cq_off.head), head, memory_order_release);
    }
}
