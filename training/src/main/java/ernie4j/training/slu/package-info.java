/** Spoken language understanding: corpus, labels, metric and training of the joint model. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.slu;
