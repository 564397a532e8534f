package ernie4j.server.task;

import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.Pipeline;
import java.util.List;

/**
 * The pipeline of a task in a server: what it computes for a batch, and the routes to it.
 *
 * @param pipeline the pipeline that computes; it is warmed up and closed with the server
 * @param routes the usual route comes first
 */
record TaskService<R>(Pipeline pipeline, Computation<R> computation, List<Route<R>> routes) {
  /** Computes a batch of texts with the same parameters, one result for each. */
  interface Computation<R> {
    List<Attempt<R>> compute(List<Input> inputs, Parameters parameters);
  }
}
