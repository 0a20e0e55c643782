// A loopback server of chat completions for measuring: one thread, epoll, keep-alive. Every answer is "yes", after a fixed
// time. It has to be faster than what it measures, and counts what it was asked: GET /count says how many answers it gave.
//
//   cc -O2 -o server server.c && ./server 8089 50     # port, milliseconds
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_connections = 4096, buffer_size = 1 << 16 };

struct connection {
  int open, waiting, is_stream;
  size_t length;
  unsigned generation;
  char *buffer;
};

// Answers that are due later, in the order of their time: the delay is the same for all.
struct due {
  long long time;
  int fd;
  unsigned generation;
};

static struct connection connections[most_connections];
static struct due dues[most_connections * 2];
static size_t due_head, due_tail;
static long long delay, answers;

static const char body[] =
    "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
    "\"content\":\"yes\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":1,\"total_tokens\":21}}";
static const char stream_body[] =
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"yes\"},"
    "\"finish_reason\":null}]}\n\ndata: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"bench\",\"choices\":[{\"index\":0,"
    "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"bench\",\"choices\":[],"
    "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":1,\"total_tokens\":21}}\n\ndata: [DONE]\n\n";

static long long now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void send_all(int fd, const char *type, const char *text) {
  char reply[4096];
  int length = snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", type,
                        strlen(text), text);
  for (int sent = 0; sent < length;) {
    ssize_t n = write(fd, reply + sent, (size_t)(length - sent));
    if (n < 0 && errno == EAGAIN) continue;
    if (n <= 0) return;
    sent += (int)n;
  }
}

static void answer(int fd) {
  struct connection *c = &connections[fd];
  c->waiting = 0;
  answers++;
  if (c->is_stream) send_all(fd, "text/event-stream", stream_body);
  else send_all(fd, "application/json", body);
}

static void drop(int fd) {
  connections[fd].open = 0;
  connections[fd].generation++;
  close(fd);
}

// Answers every whole request in the buffer, as far as answers are due at once.
static void serve(int fd) {
  struct connection *c = &connections[fd];
  while (!c->waiting) {
    c->buffer[c->length] = 0;
    char *end = strstr(c->buffer, "\r\n\r\n");
    if (!end) return;
    size_t head = (size_t)(end - c->buffer) + 4, content = 0;
    char *field = strcasestr(c->buffer, "\r\ncontent-length:");
    if (field && field < end) content = strtoul(field + 17, 0, 10);
    if (c->length < head + content) return;
    int is_count = !strncmp(c->buffer, "GET /count", 10);
    char kept = c->buffer[head + content];
    c->buffer[head + content] = 0;
    c->is_stream = strstr(c->buffer + head, "\"stream\":true") != 0;
    c->buffer[head + content] = kept;
    memmove(c->buffer, c->buffer + head + content, c->length - head - content);
    c->length -= head + content;
    if (is_count) {
      char text[32];
      snprintf(text, sizeof text, "%lld\n", answers);
      send_all(fd, "text/plain", text);
    } else if (delay == 0) {
      answer(fd);
    } else {
      c->waiting = 1;
      dues[due_tail++ % (most_connections * 2)] = (struct due){now_us() + delay, fd, c->generation};
    }
  }
}

static void receive(int fd) {
  struct connection *c = &connections[fd];
  for (;;) {
    if (c->length >= buffer_size - 1) return drop(fd);
    ssize_t n = read(fd, c->buffer + c->length, buffer_size - 1 - c->length);
    if (n < 0 && errno == EAGAIN) break;
    if (n <= 0) return drop(fd);
    c->length += (size_t)n;
    serve(fd);
    if (!c->open) return;
  }
}

int main(int count, char **arguments) {
  int port = count > 1 ? atoi(arguments[1]) : 8089;
  delay = count > 2 ? (long long)(atof(arguments[2]) * 1000) : 0;
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("bench server");
    return 1;
  }
  fcntl(listener, F_SETFL, O_NONBLOCK);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int timeout = -1;
    if (due_head < due_tail) {
      long long left = dues[due_head % (most_connections * 2)].time - now_us();
      timeout = left <= 0 ? 0 : (int)(left / 1000);
    }
    struct epoll_event events[256];
    int ready = epoll_wait(poll, events, 256, timeout);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd != listener) {
        if (connections[fd].open) receive(fd);
        continue;
      }
      for (int client; (client = accept(listener, 0, 0)) >= 0;) {
        if (client >= most_connections) {
          close(client);
          continue;
        }
        fcntl(client, F_SETFL, O_NONBLOCK);
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = &connections[client];
        if (!c->buffer) c->buffer = malloc(buffer_size);
        c->open = 1;
        c->waiting = 0;
        c->length = 0;
        event.events = EPOLLIN;
        event.data.fd = client;
        epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
      }
    }
    while (due_head < due_tail) {
      struct due next = dues[due_head % (most_connections * 2)];
      if (next.time > now_us()) break;
      due_head++;
      if (!connections[next.fd].open || connections[next.fd].generation != next.generation) continue;
      answer(next.fd);
      serve(next.fd);
    }
  }
}
