# SPDX-License-Identifier: GPL-3.0-or-later
# core, image, physics
stillpoint_test(solver/core/tst_buffer.cpp)
stillpoint_test(solver/core/tst_param.cpp)
stillpoint_test(solver/core/tst_rng.cpp)
stillpoint_test(solver/core/tst_vec.cpp)
stillpoint_test(solver/image/tst_image.cpp)
stillpoint_test(solver/image/tst_metrics.cpp)
stillpoint_test(solver/physics/tst_kernel.cpp)
stillpoint_test(solver/physics/tst_kernel_file.cpp)
stillpoint_test(solver/physics/tst_noise.cpp)

# fft, fixedpoint, fidelity, priors, iterators, run
stillpoint_test(solver/fft/tst_fft2d.cpp)
stillpoint_test(solver/fixedpoint/tst_anderson.cpp)
stillpoint_test(solver/fixedpoint/tst_fixed_point_solver.cpp)
stillpoint_test(solver/fixedpoint/tst_krylov.cpp)
stillpoint_test(solver/deq/tst_adjoint.cpp)
stillpoint_test(solver/deq/tst_implicit_gradient.cpp)
stillpoint_test(solver/deq/tst_jacobian.cpp)
stillpoint_test(solver/deq/tst_loss.cpp)
stillpoint_test(solver/deq/tst_unrolled.cpp)
stillpoint_test(solver/run/tst_laws.cpp)
stillpoint_test(solver/run/tst_golden.cpp)
if(NOT STILLPOINT_SANITIZE)  # sanitizers bring their own allocator
    stillpoint_test(solver/run/tst_allocation.cpp SOURCES support/allocation_counter.cpp)
    stillpoint_test(solver/deq/tst_deq_allocation.cpp SOURCES support/allocation_counter.cpp)
endif()

# ui
# The worker knows no widget: its tests are built from its sources alone, for the thread sanitizer too.
stillpoint_test(ui/worker/tst_mailbox.cpp SOURCES ${PROJECT_SOURCE_DIR}/ui/worker/mailbox.cpp)
stillpoint_test(ui/worker/tst_solve_worker.cpp SOURCES ${PROJECT_SOURCE_DIR}/ui/worker/mailbox.cpp
    ${PROJECT_SOURCE_DIR}/ui/worker/solve_worker.cpp)
if(STILLPOINT_WIDGETS)
stillpoint_test(ui/params/tst_number_box.cpp UI)
stillpoint_test(ui/params/tst_param_form.cpp UI)
stillpoint_test(ui/params/tst_recipe_draft.cpp UI)
stillpoint_test(ui/runs/tst_runs_model.cpp UI)
stillpoint_test(ui/window/tst_command_line.cpp UI)
stillpoint_test(ui/window/tst_progress_text.cpp UI)
stillpoint_test(ui/window/tst_story.cpp UI)
stillpoint_test(ui/io/tst_picture.cpp UI)
stillpoint_test(ui/io/tst_bad_pictures.cpp UI)
stillpoint_test(ui/io/tst_display_image.cpp UI)
stillpoint_test(ui/io/tst_kernel_source.cpp UI)
stillpoint_test(ui/samples/tst_samples.cpp UI)
stillpoint_test(ui/theme/tst_theme.cpp UI)
stillpoint_test(ui/view/tst_picture_compare.cpp UI)
stillpoint_test(ui/view/tst_picture_view.cpp UI)
stillpoint_test(ui/view/tst_start_page.cpp UI)
stillpoint_test(ui/plot/tst_convergence_plot.cpp UI)
stillpoint_test(ui/plot/tst_plot_use.cpp UI)
stillpoint_require(QCustomPlotQt6 libqcustomplot-dev)
stillpoint_test(ui/plot/tst_axis_tickers.cpp UI)
target_link_libraries(tst_axis_tickers PRIVATE QCustomPlotQt6::QCustomPlotQt6)

# app
stillpoint_test(app/tst_cli_arguments.cpp UI)
stillpoint_test(app/tst_cli_docs.cpp UI)
stillpoint_test(app/tst_cli_interrupt.cpp UI)
stillpoint_test(app/tst_cli_job.cpp UI)
foreach(TEST tst_cli_arguments tst_cli_docs tst_cli_interrupt tst_cli_job)
    add_dependencies(${TEST} stillpoint-cli)
endforeach()
endif()

# layout
stillpoint_test(layout/tst_layout.cpp SOURCES layout/layout_rules.cpp)
