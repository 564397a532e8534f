package ernie4j.server.task;

import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.Pipeline;
import java.util.List;

/**
 * A pipeline as a service has it: what it computes for a batch, and the routes to it.
 *
 * @param pipeline computes; it is warmed up and closed with the service
 * @param routes the first one is the usual one
 */
record TaskService<R>(Pipeline pipeline, Computation<R> computation, List<Route<R>> routes) {
  /** Computes a batch of texts with the same parameters, one result for each. */
  interface Computation<R> {
    List<Attempt<R>> compute(List<Input> inputs, Parameters parameters);
  }
}
