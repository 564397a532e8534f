/**
 * Pipelines over HTTP. An application embeds the server like this; {@code ernie4j serve} does the
 * same from the command line:
 *
 * <pre>{@code
 * ServerOptions options = ServerOptions.defaults().host("0.0.0.0").port(8080).token(secret);
 * try (ErnieServer server =
 *     ErnieServer.with(options)
 *         .model("bge", Path.of("bge-small-zh.ernie"))
 *         .model("uie", Path.of("uie-nano.ernie"))
 *         .start()) {
 *   server.awaitReady(Duration.ofSeconds(10));
 *   System.out.println("listening on port " + server.port());
 *   stopped.await(); // a CountDownLatch, for example
 * }
 * }</pre>
 *
 * @see ernie4j.server.ErnieServer
 */
@org.jspecify.annotations.NullMarked
module ernie4j.server {
  requires static org.jspecify;
  requires transitive ernie4j.zoo;
  requires ernie4j.engine;
  requires ernie4j.tokenizer;
  requires com.fasterxml.jackson.databind;
  requires io.javalin;
  requires java.logging;
  requires jakarta.servlet;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.util;

  exports ernie4j.server;
}
