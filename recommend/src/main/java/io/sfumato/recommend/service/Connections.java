package io.sfumato.recommend.service;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Status;
import io.helidon.http.RequestException;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what a connection may take: the bytes of a request, before anything reads them, and the time of each of its phases. The server's own timeouts hold for a single read, which a client that sends a byte now and
 * then never hits; these hold for the whole request.
 *
 * <p>Thread-safe; close it after the server.
 */
final class Connections implements ServerConnectionSelector, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final int HEAD = 16 << 10;
  private static final int FIRST_LINE = 8 << 10;
  private static final Duration DISCARDING = Duration.ofSeconds(2);
  private static final Duration LOOKS = Duration.ofMillis(250);

  private final ServiceLimits limits;
  private final long mostBytes;
  private final ServerConnectionSelector http;
  private final Map<Thread, Connection> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock;
  private final Future<?> looking;

  Connections(ServiceLimits limits) {
    this.limits = limits;
    this.mostBytes = 2L * limits.body() + HEAD + FIRST_LINE + 1_024;
    this.http = Http1ConnectionSelector.builder()
        .config(Http1Config.builder()
            .maxPrologueLength(FIRST_LINE)
            .maxHeadersSize(HEAD)
            .validateResponseHeaders(true)
            .build())
        .build();
    this.clock = Executors
        .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("sfumato-connections").daemon(true).factory());
    this.looking = clock.scheduleWithFixedDelay(this::closeLate, LOOKS.toMillis(), LOOKS.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** How many connections are open. */
  int count() {
    return open.size();
  }

  /** The request of this thread's connection has arrived and is worked on; that takes what it takes. */
  void working() {
    enter(Phase.WORKING);
  }

  /** Its answer is sent. */
  void sending() {
    enter(Phase.SENDING);
  }

  /** It is refused, and what the client still sends is read for a moment. */
  void discarding() {
    enter(Phase.DISCARDING);
  }

  /** It is answered; the connection waits for the next. */
  void waiting() {
    enter(Phase.WAITING);
  }

  private void enter(Phase phase) {
    Connection connection = open.get(Thread.currentThread());
    if (connection != null) {
      connection.enter(phase);
    }
  }

  private void closeLate() {
    long now = System.nanoTime();
    for (Connection connection : open.values()) {
      if (connection.isLate(now)) {
        try {
          connection.close(true);
        } catch (RuntimeException e) { // one that cannot be closed must not keep the others open
          LOG.debug("a late connection cannot be closed", e);
        }
      }
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData request) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Connection(context);
  }

  @Override
  public void close() {
    looking.cancel(true);
    clock.shutdownNow();
  }

  private enum Phase {
    WAITING, RECEIVING, WORKING, SENDING, DISCARDING
  }

  /** A phase and when it began. */
  private record Since(Phase phase, long nanos) {}

  /** One connection, with a reader that counts. */
  private final class Connection implements ServerConnection {
    private final ServerConnection inner;
    private final HelidonSocket socket;
    private volatile Since since = new Since(Phase.WAITING, System.nanoTime());
    private long bytes;

    Connection(ConnectionContext context) {
      this.socket = context.serverSocket();
      this.inner = http.connection(new Context(context, DataReader.create(this::receive)));
    }

    private byte[] receive() {
      byte[] received;
      try {
        received = socket.get();
      } catch (UncheckedIOException e) { // the client went away, or was late
        throw new CloseConnectionException("the connection cannot be read", e);
      }
      if (since.phase == Phase.WAITING) {
        enter(Phase.RECEIVING);
        bytes = 0;
      }
      bytes += received == null ? 0 : received.length;
      if (bytes > mostBytes) {
        throw RequestException.builder()
            .type(EventType.PAYLOAD_TOO_LARGE)
            .status(Status.REQUEST_ENTITY_TOO_LARGE_413)
            .message("the request is too large")
            .setKeepAlive(false)
            .build();
      }
      return received;
    }

    void enter(Phase phase) {
      since = new Since(phase, System.nanoTime());
    }

    boolean isLate(long now) {
      Since at = since;
      Duration limit = switch (at.phase) {
        case WAITING -> limits.idle();
        case RECEIVING -> limits.receive();
        case SENDING -> limits.send();
        case DISCARDING -> DISCARDING;
        case WORKING -> null;
      };
      return limit != null && now - at.nanos > limit.toNanos();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      Thread thread = Thread.currentThread();
      open.put(thread, this);
      try {
        inner.handle(limit);
      } finally {
        open.remove(thread);
      }
    }

    @Override
    public Duration idleTime() {
      return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      inner.close(interrupt);
    }
  }

  /** What the server says of a connection, with another reader. */
  private record Context(ConnectionContext inner, DataReader dataReader) implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return inner.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return inner.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return inner.dataWriter();
    }

    @Override
    public Router router() {
      return inner.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return inner.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return inner.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return inner.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return inner.localPeer();
    }

    @Override
    public boolean isSecure() {
      return inner.isSecure();
    }

    @Override
    public String socketId() {
      return inner.socketId();
    }

    @Override
    public String childSocketId() {
      return inner.childSocketId();
    }
  }
}
