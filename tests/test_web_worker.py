import gc
import threading
import weakref

from assistant.web import worker
from assistant.web.worker import Worker

MOST_S = 20


def test_jobs_are_done_in_turn_and_in_one_thread():
    jobs, done, threads = Worker(), [], set()
    ended = threading.Event()

    def job(number):
        threads.add(threading.current_thread())
        done.append(number)
        if number == 49:
            ended.set()

    for number in range(50):
        jobs.submit(lambda number=number: job(number))
    assert ended.wait(MOST_S)
    assert done == list(range(50))
    assert len(threads) == 1


def test_as_many_jobs_as_there_are_threads_are_done_at_once():
    jobs, lock, together = Worker(2), threading.Lock(), threading.Barrier(2)
    running, most, done = 0, 0, threading.Semaphore(0)

    def job():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(MOST_S)
        with lock:
            running -= 1
        done.release()

    for _ in range(6):
        jobs.submit(job)
    assert all(done.acquire(timeout=MOST_S) for _ in range(6))
    assert most == 2


def test_a_job_that_fails_keeps_the_next_from_nothing(caplog):
    jobs, ended = Worker(), threading.Event()

    def fail():
        raise RuntimeError("no more room")

    jobs.submit(fail)
    jobs.submit(ended.set)
    assert ended.wait(MOST_S)
    assert "no more room" in caplog.text


def test_the_thread_ends_when_it_has_had_nothing_to_do_and_another_takes_over(monkeypatch):
    monkeypatch.setattr(worker, "IDLE_S", 0.001)
    jobs = Worker()
    for _ in range(200):
        threads, ended = [], threading.Event()

        def job(threads=threads, ended=ended):
            threads.append(threading.current_thread())
            ended.set()

        jobs.submit(job)
        assert ended.wait(MOST_S)
        threads[0].join(0.001)
    threads[0].join(MOST_S)
    assert not threads[0].is_alive()


def test_what_a_job_held_is_let_go_when_it_is_done():
    class Model:
        pass

    jobs, ended, model = Worker(), threading.Event(), Model()
    gone = weakref.ref(model)
    jobs.submit(lambda model=model: None)
    del model
    jobs.submit(ended.set)
    assert ended.wait(MOST_S)
    gc.collect()
    assert gone() is None
