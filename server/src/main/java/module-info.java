/** Pipelines over HTTP: {@link ernie4j.server.ErnieServer}. */
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
